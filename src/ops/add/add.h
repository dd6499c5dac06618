// add: see add.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& add_op();
const PointwiseRule& add_pointwise();

}  // namespace hillock
