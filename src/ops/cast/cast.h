// cast: see cast.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& cast_op();
KernelPlan plan_cast(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
