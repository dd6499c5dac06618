// minimum: see minimum.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& minimum_op();
const PointwiseRule& minimum_pointwise();

}  // namespace hillock
