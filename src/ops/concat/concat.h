// concat: see concat.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& concat_op();

}  // namespace hillock
