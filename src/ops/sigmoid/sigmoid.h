// sigmoid: see sigmoid.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& sigmoid_op();
const PointwiseRule& sigmoid_pointwise();

}  // namespace hillock
