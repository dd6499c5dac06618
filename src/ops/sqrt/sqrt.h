// sqrt: see sqrt.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& sqrt_op();
const PointwiseRule& sqrt_pointwise();

}  // namespace hillock
