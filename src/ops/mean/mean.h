// mean: see mean.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& mean_op();
KernelPlan plan_mean(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
