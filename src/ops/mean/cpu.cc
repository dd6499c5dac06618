// The mean on the CPU. Accepts every operand that the type rule accepts.
#include "ops/mean/mean.h"
#include "ops/reduction_kernel.h"

namespace hillock {

KernelPlan plan_mean(const OpSignature& signature) {
  return plan_reduction<SumRule, true>(signature, "mean.rows", "mean.columns");
}

}  // namespace hillock
