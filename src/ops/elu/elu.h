// elu: see elu.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& elu_op();
const PointwiseRule& elu_pointwise();

}  // namespace hillock
