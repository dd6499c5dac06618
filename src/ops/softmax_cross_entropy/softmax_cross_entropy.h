// softmax_cross_entropy: see softmax_cross_entropy.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& softmax_cross_entropy_op();
KernelPlan plan_softmax_cross_entropy(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
