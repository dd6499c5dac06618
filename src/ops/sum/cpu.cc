// The sum on the CPU. Accepts every operand that the type rule accepts.
#include "ops/reduction_kernel.h"
#include "ops/sum/sum.h"

namespace hillock {

KernelPlan plan_sum(const OpSignature& signature) {
  return plan_reduction<SumRule, false>(signature, "sum.rows", "sum.columns");
}

}  // namespace hillock
