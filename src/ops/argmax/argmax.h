// argmax: see argmax.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& argmax_op();
KernelPlan plan_argmax(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
