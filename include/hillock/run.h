// A training run that is driven step by step and can be stopped after any step and resumed.
//
//   TrainingRun run(network, options, train, validation);
//   while (run.epoch()) {
//     const Snapshot snapshot = run.snapshot();  // now and then
//   }
//   TrainResult result = run.finish();
//
// The state of a run determines how it continues: a new run with the same layers, options and rows that restores a
// snapshot ends with the same bits as the run that the snapshot was taken from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "hillock/network.h"
#include "hillock/state.h"
#include "hillock/train.h"

namespace hillock {

class TrainingRun {
 public:
  // Checks the options and data and makes the plans; computes nothing yet. The optimizer's slots start at zero.
  // `network` and the sources, or the tensors of the examples, must outlive the run, and nothing else may change the
  // network meanwhile. `validation` may be nullptr. Throws Error as Trainer does.
  TrainingRun(Network& network, TrainOptions options, const RowSource& train, const RowSource* validation = nullptr);
  TrainingRun(Network& network, TrainOptions options, const Examples& train, std::optional<Examples> validation = {});
  ~TrainingRun();
  TrainingRun(TrainingRun&&) noexcept;

  // Performs one training step and, if it is the last of its epoch, ends the epoch: evaluates the validation rows,
  // keeps the best weights, and decides whether to stop. Before the first step the layers are fitted to the training
  // rows (nn::Scope::fit). Returns whether there is more to do; once training has ended it does nothing and returns
  // false. Allocates nothing within an epoch, except with L-BFGS. Passes on what a row source throws: if training rows
  // could not be read, the next call reads them again; if validation rows could not be read, continue from a snapshot.
  bool step();
  // Performs the remaining steps of the epoch. Returns the same.
  bool epoch();
  bool ended() const;

  // The result so far, which is complete once the run has ended.
  const TrainResult& result() const;
  // Ends the run now (StopReason::callback) unless it has already ended. When a run with validation rows ends, the
  // network gets back its best weights.
  const TrainResult& finish();

  // The whole state: parameters, statistics, slots, the history of L-BFGS, the best weights, and the run's position in
  // its epochs, its schedule and its patience. Everything else that determines how it continues is in the options and
  // the data: row orders and random numbers are computed from the seed, the epoch and the step.
  Snapshot snapshot() const;
  // Continues from a snapshot of a run with the same layers, rows, batch size and seed, and an optimizer of the same
  // kind. With more epochs in the options the run continues for longer, unless the snapshot was taken after the run had
  // ended and restored its best weights; take snapshots that you want to continue from before the run ends. Throws
  // Error, and changes nothing, if the snapshot does not fit the run.
  void restore(const Snapshot& snapshot);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock
