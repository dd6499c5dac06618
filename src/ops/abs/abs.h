// abs: see abs.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& abs_op();
const PointwiseRule& abs_pointwise();

}  // namespace hillock
