// transpose: see transpose.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& transpose_op();

}  // namespace hillock
