// The max on the CPU; accepts every operand the type rule does.
#include "ops/max/max.h"
#include "ops/reduction_kernel.h"

namespace hillock {

KernelPlan plan_max(const OpSignature& signature) {
  return plan_reduction<MaxRule, false>(signature, "max.rows", "max.columns");
}

}  // namespace hillock
