// constant: see constant.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& constant_op();
const PointwiseRule& constant_pointwise();

}  // namespace hillock
