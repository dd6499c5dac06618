// lane_matmul: see lane_matmul.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& lane_matmul_op();
KernelPlan plan_lane_matmul(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
