// erf: see erf.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& erf_op();
const PointwiseRule& erf_pointwise();

}  // namespace hillock
