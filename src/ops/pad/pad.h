// pad: see pad.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& pad_op();
KernelPlan plan_pad(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
