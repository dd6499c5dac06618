// one_hot: see one_hot.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& one_hot_op();
KernelPlan plan_one_hot(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
