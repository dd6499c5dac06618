// cos: see cos.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& cos_op();
const PointwiseRule& cos_pointwise();

}  // namespace hillock
