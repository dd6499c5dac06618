// max: see max.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& max_op();
KernelPlan plan_max(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
