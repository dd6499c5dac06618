// exp: see exp.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& exp_op();
const PointwiseRule& exp_pointwise();

}  // namespace hillock
