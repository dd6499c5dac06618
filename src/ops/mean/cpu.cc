// The mean on the CPU; accepts every operand the type rule does.
#include "ops/mean/mean.h"
#include "ops/reduction_kernel.h"

namespace hillock {

KernelPlan plan_mean(const OpSignature& signature) {
  return plan_reduction<SumRule, true>(signature, "mean.rows", "mean.columns");
}

}  // namespace hillock
