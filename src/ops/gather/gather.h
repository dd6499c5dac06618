// gather: see gather.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& gather_op();
KernelPlan plan_gather(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
