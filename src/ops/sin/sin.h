// sin: see sin.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& sin_op();
const PointwiseRule& sin_pointwise();

}  // namespace hillock
