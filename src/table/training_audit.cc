// Examines the result of training: units that no longer learn, and a validation loss that rose.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "hillock/diagnosis.h"
#include "table/audit.h"

namespace hillock {
namespace {

// With fewer rows a unit may well depend on some rows of a toy problem, and the validation loss fluctuates.
constexpr std::int64_t kMinRows = 20;
// Adam leaves up to 52 % of a relu layer dead in networks that are as good as those with leaky-relu, which cannot die
// (the power plant data of examples/energy: RMSE 3.726 and 3.724, means of six seeds). A larger share is worth a
// warning.
constexpr double kStuckShare = 2.0 / 3;
// With these thresholds there is no warning on wdbc, iris, wine, digits, Adult, credit default, California and
// bicycles, eight seeds each; where a network overfits (German credit), the rise is at least a fifth of the constant's
// loss.
constexpr double kRiseOfBest = 0.2, kRiseOfConstant = 0.15;

bool has_two_ends(nn::Activation activation) {
  return activation == nn::Activation::sigmoid || activation == nn::Activation::tanh;
}

std::string describe(const StuckUnits& layer) {
  const std::string which =
      fmt::format("{} of {} units of {} ({})", layer.stuck, layer.units, layer.layer, nn::name_of(layer.activation));
  if (has_two_ends(layer.activation)) {
    return fmt::format(
        "{} are saturated, within 0.01 of an end for all {} training rows looked at: they hardly learn any more; "
        "scaled columns or a lower --lr prevent that",
        which, layer.rows);
  }
  return fmt::format(
      "{} are dead, {} for all {} training rows looked at: the network is no better than one without them; leaky-relu "
      "in --net or a lower --lr keeps units alive",
      which, layer.activation == nn::Activation::relu ? "0" : "at their flat end", layer.rows);
}

void warn_of_stuck_units(const PreparedJob& job, std::vector<Warning>& warnings) {
  const PreparedRows& train = job.splits.train;
  for (const StuckUnits& layer : find_stuck_units(job.model.network, train.features, job.options.step.session)) {
    if (static_cast<double>(layer.stuck) < kStuckShare * static_cast<double>(layer.units)) continue;
    warnings.push_back({has_two_ends(layer.activation) ? "saturated-units" : "dead-units", describe(layer)});
  }
}

// The training loss tells whether the network overfits or diverges.
std::string describe_rise(const TrainResult& result) {
  const bool by_heart = result.train_loss < result.best_train_loss;
  const std::string losses = fmt::format(
      "the validation loss rose from {:.4g} in epoch {} to {:.4g} in epoch {}, the last, {} from {:.4g} to {:.4g}",
      *result.best_validation_loss, result.best_epoch, *result.validation_loss, result.epochs,
      by_heart ? "while the training loss fell" : "and the training loss", result.best_train_loss, result.train_loss);
  return losses + (by_heart ? ": the network learns the training rows by heart; fewer units, dropout or --weight-decay "
                              "may do better"
                            : ": the steps are too long; lower --lr");
}

// The rise is compared with the loss of a constant: 0.01 means nothing if a constant has a loss of 0.7 and the network
// 0.02.
void warn_of_rise(const TrainResult& result, const std::optional<Baselines>& baselines,
                  std::vector<Warning>& warnings) {
  if (!result.best_validation_loss || !baselines || !baselines->constant.validation) return;
  const Metrics& constant = *baselines->constant.validation;
  const double best = *result.best_validation_loss, rise = *result.validation_loss - best;
  const bool early = 4 * result.best_epoch <= 3 * result.epochs;
  if (constant.rows < kMinRows || !early) return;
  if (rise >= kRiseOfBest * best && rise >= kRiseOfConstant * constant.loss)
    warnings.push_back({"validation-loss-rose", describe_rise(result)});
}

}  // namespace

std::vector<Warning> find_training_warnings(const PreparedJob& job, const TrainResult& result,
                                            const std::optional<Baselines>& baselines) {
  std::vector<Warning> warnings;
  if (result.stopped == StopReason::not_finite || job.splits.train.rows() < kMinRows) return warnings;
  warn_of_stuck_units(job, warnings);
  warn_of_rise(result, baselines, warnings);
  return warnings;
}

}  // namespace hillock
