// subtract: see subtract.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& subtract_op();
const PointwiseRule& subtract_pointwise();

}  // namespace hillock
