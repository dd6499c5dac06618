// relu: see relu.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& relu_op();
const PointwiseRule& relu_pointwise();

}  // namespace hillock
