// divide: see divide.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& divide_op();
const PointwiseRule& divide_pointwise();

}  // namespace hillock
