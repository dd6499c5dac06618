// power: see power.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& power_op();
const PointwiseRule& power_pointwise();

}  // namespace hillock
