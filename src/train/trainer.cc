// The trainer: makes a run from start to end.
#include <utility>

#include "hillock/run.h"
#include "hillock/train.h"
#include "train/examples.h"

namespace hillock {

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::epochs: return "epochs";
    case StopReason::target_loss: return "target-loss";
    case StopReason::patience: return "patience";
    case StopReason::interrupted: return "interrupted";
    case StopReason::callback: return "callback";
    case StopReason::not_finite: return "not-finite";
    case StopReason::converged: return "converged";
  }
  return "?";
}

double StepReport::done() const {
  const double part = static_cast<double>(steps_done_in_epoch) / static_cast<double>(steps_in_epoch);
  return (static_cast<double>(epoch - 1) + part) / static_cast<double>(epochs);
}

Trainer::Trainer(Network& network, TrainOptions options) : network_(network), options_(std::move(options)) {
  require_options(options_, network_);
}

TrainResult Trainer::fit(const Examples& train, std::optional<Examples> validation) {
  TrainingRun run(network_, options_, train, std::move(validation));
  while (run.epoch()) continue;
  return run.result();
}

TrainResult Trainer::fit(const RowSource& train, const RowSource* validation) {
  TrainingRun run(network_, options_, train, validation);
  while (run.epoch()) continue;
  return run.result();
}

}  // namespace hillock
