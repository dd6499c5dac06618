#include "train/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "hillock/error.h"
#include "hillock/text.h"
#include "train/row_weights.h"
#include "train/step_graph.h"

namespace hillock {

namespace {

// Throws Error for a number that the user chose and that is out of range.
void require_choice(bool fits, std::string_view what, double value, std::string_view range) {
  if (fits) return;
  throw Error(fmt::format("train: {} is {}; give a number {}", what, value, range));
}

void require_schedule(const Schedule& schedule) {
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  const auto fraction = [](double value) { return value >= 0 && value <= 1; };
  require_choice(fraction(schedule.warmup), "the schedule's warm-up", schedule.warmup, "from 0 to 1");
  require_choice(positive(schedule.step_every), "the schedule's step_every", schedule.step_every, "above 0");
  require_choice(positive(schedule.step_factor), "the schedule's step_factor", schedule.step_factor, "above 0");
  require_choice(std::isfinite(schedule.final_fraction), "the schedule's final_fraction", schedule.final_fraction,
                 "that is finite");
  require_choice(positive(schedule.exponential_end), "the schedule's exponential_end", schedule.exponential_end,
                 "above 0");
  require_choice(fraction(schedule.cycle_rise), "the schedule's cycle_rise", schedule.cycle_rise, "from 0 to 1");
  require_choice(positive(schedule.cycle_start), "the schedule's cycle_start", schedule.cycle_start, "above 0");
  require_choice(positive(schedule.cycle_end), "the schedule's cycle_end", schedule.cycle_end, "above 0");
  require_choice(positive(schedule.plateau_factor), "the schedule's plateau_factor", schedule.plateau_factor,
                 "above 0");
  require_choice(std::isfinite(schedule.plateau_threshold), "the schedule's plateau_threshold",
                 schedule.plateau_threshold, "that is finite");
  if (schedule.plateau_patience < 0) {
    throw Error(fmt::format("train: the schedule's plateau_patience is {}; give 0 or more", schedule.plateau_patience));
  }
}

}  // namespace

void require_options(const TrainOptions& options, const Network& network) {
  const DType dtype = network.options().dtype;
  if (!network.options().prefix.empty()) {
    throw Error(
        fmt::format("train: the blocks of the network have the prefix {}, by which it fits in one graph with "
                    "others; train one without",
                    quote(network.options().prefix)));
  }
  if (options.epochs < 0) throw Error(fmt::format("train: {} epochs; ask for 0 or more", options.epochs));
  if (options.batch_size < 0) {
    throw Error(fmt::format("train: a batch of {} rows; ask for 1 or more, or 0 for all rows", options.batch_size));
  }
  if (options.patience < 0) {
    throw Error(fmt::format("train: a patience of {} epochs; ask for 1 or more, or 0 for none", options.patience));
  }
  const double most = dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  if (std::isnan(options.rate)) throw Error("train: the learning rate is NaN; give a number, for example 0.001");
  if (std::abs(options.rate) > most) {
    throw Error(
        fmt::format("train: the learning rate {} is beyond {}; give a smaller one", options.rate, name_of(dtype)));
  }
  if (options.target_loss && std::isnan(*options.target_loss))
    throw Error("train: the target loss is NaN; give a number, or leave it out");
  require_scale(options.target_scale, "train", network.outputs());
  require_schedule(options.schedule);
}

void require_initialized(const Network& network, std::string_view where) {
  const auto is_weight = [](const nn::ParameterSpec& parameter) {
    return parameter.shape.rank() >= 2 || parameter.initializer.fixed;
  };
  // one layer learns from zeros as well
  const bool one_layer = std::ranges::count_if(network.layout().parameters, is_weight) < 2;
  if (one_layer || network.initialized()) return;
  throw Error(
      fmt::format("{}: the network was never initialized: all {} parameters are 0; call Network::initialize, "
                  "or set_parameters if it is to begin with zeros",
                  where, network.parameter_count()));
}

void require_scale(const TargetScale& scale, std::string_view where, std::int64_t outputs) {
  if (!scale.each.empty() && std::ssize(scale.each) != outputs) {
    throw Error(fmt::format("{}: there are {} outputs and scales for {} of them; give one for each", where, outputs,
                            scale.each.size()));
  }
  for (std::int64_t k = 0; k < outputs; ++k) {
    const TargetScale& own = scale.of(static_cast<std::size_t>(k));
    if (std::isfinite(own.offset) && std::isfinite(own.factor) && own.factor != 0) continue;
    throw Error(
        fmt::format("{}: the targets are scaled by {} with the offset {}; give finite numbers and a factor "
                    "that is not 0",
                    where, own.factor, own.offset));
  }
}

namespace {

std::string name_of_rows(std::string_view where, std::string_view what) {
  return fmt::format("{}: the{}{}", where, what.empty() ? "" : " ", what);
}

void require_types(const Network& network, const RowTypes& types, std::string_view where, std::string_view what) {
  const std::string the = name_of_rows(where, what);
  if (!types.targets) throw Error(fmt::format("{} rows are missing; pass features and targets", the));
  const TensorType& features = types.features;
  if (features.dtype != network.options().dtype || features.shape.rank() < 1 || features.shape[0] < 1 ||
      features.elements() != features.shape[0] * network.options().input.elements()) {
    throw Error(fmt::format("{} features are {}; the network takes rows of {} {}", the, features.to_string(),
                            name_of(network.options().dtype), network.options().input.to_string()));
  }
  const TensorType& targets = *types.targets;
  if (targets.shape.rank() < 1 || targets.shape[0] != features.shape[0]) {
    throw Error(fmt::format("{}: {} {}rows have targets {}; there must be one for each row", where, features.shape[0],
                            what.empty() ? "" : fmt::format("{} ", what), targets.to_string()));
  }
  require_weight_type(types, network.options().dtype, the);
}

}  // namespace

MemoryRows rows_of(const Network& network, const Examples& examples, std::string_view where, std::string_view what) {
  if (examples.features == nullptr || examples.targets == nullptr)
    throw Error(fmt::format("{} rows are missing; pass features and targets", name_of_rows(where, what)));
  RowTypes types{.features = examples.features->type(), .targets = examples.targets->type()};
  if (examples.weights != nullptr) types.weights = examples.weights->type();
  require_types(network, types, where, what);
  return MemoryRows(examples);
}

void require_rows(const Network& network, const RowSource& rows, std::string_view where, std::string_view what) {
  require_types(network, rows.types(), where, what);
  require_weights(rows, network.options().dtype, name_of_rows(where, what));
}

void require_examples(const Network& network, const Examples& examples, std::string_view where, std::string_view what) {
  require_rows(network, rows_of(network, examples, where, what), where, what);
}

std::string explain_not_finite(const TrainingStep& step, const FailedStep& failed, double loss) {
  const std::string what =
      std::isfinite(loss) ? "the gradient became infinite or NaN" : fmt::format("the loss became {}", loss);
  return fmt::format("{} at step {}: {}", what, failed.number,
                     step.explain_not_finite(failed.rows.features, failed.rows.targets, failed.number, failed.rate,
                                             failed.seed, 0, failed.rows.weights));
}

}  // namespace hillock
