// leaky_relu: see leaky_relu.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& leaky_relu_op();
const PointwiseRule& leaky_relu_pointwise();

}  // namespace hillock
