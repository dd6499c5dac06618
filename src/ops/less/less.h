// less: see less.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& less_op();
const PointwiseRule& less_pointwise();

}  // namespace hillock
