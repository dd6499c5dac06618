// sum: see sum.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& sum_op();
KernelPlan plan_sum(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
