// negate: see negate.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& negate_op();
const PointwiseRule& negate_pointwise();

}  // namespace hillock
