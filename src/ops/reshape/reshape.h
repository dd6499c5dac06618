// reshape: see reshape.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& reshape_op();

}  // namespace hillock
