// maximum: see maximum.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& maximum_op();
const PointwiseRule& maximum_pointwise();

}  // namespace hillock
