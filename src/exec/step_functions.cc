#include "exec/step_functions.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "ir/kernel_table.h"

namespace hillock {
namespace {

KernelFunction find_kernel(const Step& step) {
  const Step::Computed& computed = step.ops.front();
  const OpSignature signature{.in = step.in_types, .out = step.out_types, .attributes = computed.attributes};
  const KernelPlan found = kernel_rule(*computed.op, step.device().backend)(signature);
  if (found.name == step.name && choice_of(found) == step.kernel) return found.run;
  throw Error(
      fmt::format("session: op \"{}\" chooses another kernel for {} than when the plan was made; make the plan anew (a "
                  "kernel rule goes by the op's signature alone)",
                  computed.op->name, step.name));
}

}  // namespace

StepFunctions find_functions(const Step& step) {
  if (step.is_program) return {.kernel = nullptr, .program = bind_program(step.program)};
  return {.kernel = find_kernel(step), .program = {}};
}

}  // namespace hillock
