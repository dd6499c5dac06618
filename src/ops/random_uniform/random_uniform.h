// random_uniform: see random_uniform.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& random_uniform_op();
KernelPlan plan_random_uniform(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
