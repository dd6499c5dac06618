// multiply: see multiply.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& multiply_op();
const PointwiseRule& multiply_pointwise();

}  // namespace hillock
