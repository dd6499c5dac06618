// broadcast: see broadcast.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& broadcast_op();

}  // namespace hillock
