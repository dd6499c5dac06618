// The max on the CPU. Accepts every operand that the type rule accepts.
#include "ops/max/max.h"
#include "ops/reduction_kernel.h"

namespace hillock {

KernelPlan plan_max(const OpSignature& signature) {
  return plan_reduction<MaxRule, false>(signature, "max.rows", "max.columns");
}

}  // namespace hillock
