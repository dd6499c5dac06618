// softplus: see softplus.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& softplus_op();
const PointwiseRule& softplus_pointwise();

}  // namespace hillock
