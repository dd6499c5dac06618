#include "train/examples.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

#include "hillock/error.h"
#include "train/row_weights.h"
#include "train/step_graph.h"

namespace hillock {

void require_options(const TrainOptions& options, DType dtype) {
  if (options.epochs < 0) throw Error(fmt::format("train: {} epochs; ask for 0 or more", options.epochs));
  const double most = dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  if (std::isnan(options.rate)) throw Error("train: the learning rate is NaN; give a number, for example 0.001");
  if (std::abs(options.rate) > most) {
    throw Error(
        fmt::format("train: the learning rate {} is beyond {}; give a smaller one", options.rate, name_of(dtype)));
  }
}

void require_examples(const Network& network, const Examples& examples, std::string_view what) {
  if (examples.features == nullptr || examples.targets == nullptr)
    throw Error(fmt::format("train: the {} rows are missing", what));
  const TensorType& features = examples.features->type();
  if (features.dtype != network.options().dtype || features.shape.rank() < 1 || features.shape[0] < 1 ||
      features.elements() != features.shape[0] * network.options().input.elements()) {
    throw Error(fmt::format("train: the {} features are {}; the network takes rows of {} {}", what,
                            features.to_string(), name_of(network.options().dtype),
                            network.options().input.to_string()));
  }
  const TensorType& targets = examples.targets->type();
  if (targets.shape.rank() < 1 || targets.shape[0] != features.shape[0]) {
    throw Error(fmt::format("train: {} {} rows have targets {}; there must be one for each row", features.shape[0],
                            what, targets.to_string()));
  }
  require_weights(examples, network.options().dtype, fmt::format("train: the {}", what));
}

TensorType batch_targets(const Tensor& targets, std::int64_t batch) {
  TensorType type = targets.type();
  std::vector<std::int64_t> dims(type.shape.dims().begin(), type.shape.dims().end());
  dims[0] = batch;
  type.shape = Shape(std::span<const std::int64_t>(dims));
  return type;
}

std::string explain_not_finite(const TrainingStep& step, const FailedStep& failed, double loss) {
  const std::string what =
      std::isfinite(loss) ? "the gradient became infinite or NaN" : fmt::format("the loss became {}", loss);
  return fmt::format("{} at step {}: {}", what, failed.number,
                     step.explain_not_finite(failed.features, failed.targets, failed.number, failed.rate, failed.seed,
                                             0, failed.weights));
}

}  // namespace hillock
