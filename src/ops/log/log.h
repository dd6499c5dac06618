// log: see log.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& log_op();
const PointwiseRule& log_pointwise();

}  // namespace hillock
