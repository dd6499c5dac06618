// The sum on the CPU; accepts every operand the type rule does.
#include "ops/reduction_kernel.h"
#include "ops/sum/sum.h"

namespace hillock {

KernelPlan plan_sum(const OpSignature& signature) {
  return plan_reduction<SumRule, false>(signature, "sum.rows", "sum.columns");
}

}  // namespace hillock
