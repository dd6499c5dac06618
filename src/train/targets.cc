// Converts targets to the form that a loss needs.
#include "train/targets.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"

namespace hillock {

Value target_values(Graph& graph, Value targets, DType dtype, std::int64_t outputs) {
  const TensorType type = graph.type(targets);
  if (is_float(type.dtype)) {
    if (type.dtype == dtype && type.shape.rank() == 2 && type.shape[1] == outputs) return targets;
    throw Error(fmt::format("targets: they are {}; the network needs {} with {} columns", type.to_string(),
                            name_of(dtype), outputs));
  }
  if (type.shape.rank() != 1 || !type.range || type.range->begin != 0) {
    throw Error(
        fmt::format("targets: class labels are {}; they must be [batch] with a range from 0", type.to_string()));
  }
  if (outputs == 1) {
    if (type.range->end > 2)
      throw Error(fmt::format("targets: {} classes and one output; use one output for each class", type.range->end));
    return ops::reshape(graph, ops::cast(graph, targets, dtype), {type.shape[0], 1});
  }
  if (type.range->end != outputs) {
    throw Error(fmt::format("targets: {} classes and {} outputs; there must be one output for each class",
                            type.range->end, outputs));
  }
  return ops::one_hot(graph, targets, outputs, dtype);
}

}  // namespace hillock
