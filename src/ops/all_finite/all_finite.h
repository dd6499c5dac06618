// all_finite: see all_finite.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& all_finite_op();
KernelPlan plan_all_finite(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
