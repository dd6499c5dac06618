// slice: see slice.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& slice_op();

}  // namespace hillock
