// scatter_add: see scatter_add.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& scatter_add_op();
KernelPlan plan_scatter_add(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
