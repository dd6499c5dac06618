// select: see select.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& select_op();
const PointwiseRule& select_pointwise();

}  // namespace hillock
