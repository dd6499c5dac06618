// Figures that accompany a trace: the targets that the loss uses, and one audit over all steps.
#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/trace.h"

namespace hillock {

Tensor loss_targets(const Tensor& targets, std::int64_t outputs, double label_smoothing) {
  const bool classes = !is_float(targets.dtype());
  const bool fit = classes ? targets.shape().rank() == 1 : targets.shape().rank() == 2 && targets.shape()[1] == outputs;
  if (outputs < 1 || !fit) {
    throw Error(fmt::format("loss_targets: the targets are {} for {} outputs; give i32 [batch] or floats [batch, {}]",
                            targets.type().to_string(), outputs, outputs));
  }
  const std::int64_t rows = targets.shape()[0];
  Tensor result(TensorType{DType::f64, {rows, outputs}, {}});
  for (std::int64_t i = 0; i < result.elements(); ++i) {
    const std::int64_t row = i / outputs, k = i % outputs;
    double t = classes ? targets.at(row) : targets.at(i);
    if (classes && outputs > 1) t = static_cast<std::int64_t>(t) == k ? 1 : 0;
    if (label_smoothing > 0) t = (1 - label_smoothing) * t + label_smoothing / static_cast<double>(outputs);
    result.set(i, t);
  }
  return result;
}

Audit audit_of(std::span<const StepTrace> steps) {
  Audit whole;
  for (const StepTrace& step : steps) {
    const Audit& audit = step.audit;
    if (whole.where.empty() || audit.largest > whole.largest) {
      whole.largest = audit.largest;
      whole.where = steps.size() > 1 ? fmt::format("{} in step {}", audit.where, step.step) : audit.where;
    }
    whole.compared += audit.compared;
    whole.kinks += audit.kinks;
    whole.skipped += audit.skipped;
  }
  return whole;
}

}  // namespace hillock
