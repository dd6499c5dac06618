// equal: see equal.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& equal_op();
const PointwiseRule& equal_pointwise();

}  // namespace hillock
