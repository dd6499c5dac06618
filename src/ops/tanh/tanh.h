// tanh: see tanh.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& tanh_op();
const PointwiseRule& tanh_pointwise();

}  // namespace hillock
