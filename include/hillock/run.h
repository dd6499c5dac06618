// A training run that can be driven step by step, stopped at any step and taken up again.
//
//   TrainingRun run(network, options, train, validation);
//   while (run.epoch()) {
//     const Snapshot snapshot = run.snapshot();  // now and then
//   }
//   TrainResult result = run.finish();
//
// What comes next depends on the run's state alone: a new run over the same layers, options and rows that restores a
// snapshot ends with the same bits as the one it was taken from.
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
  // Checks options and data and makes the plans; computes nothing yet. The optimizer's slots start at zero. `network`
  // and the sources, or what the examples point to, must outlive the run; nobody else may change the network meanwhile.
  // Throws Error as Trainer does. `validation` may be nullptr.
  TrainingRun(Network& network, TrainOptions options, const RowSource& train, const RowSource* validation = nullptr);
  TrainingRun(Network& network, TrainOptions options, const Examples& train, std::optional<Examples> validation = {});
  ~TrainingRun();
  TrainingRun(TrainingRun&&) noexcept;

  // One step; where it is the last of its epoch, also the end of the epoch: validation, best weights, whether to stop.
  // Before the first one the network's layers learn what they fit to the training rows. Returns whether there is more
  // to do: false once training has ended, for whatever reason, and then it does nothing. Allocates nothing within an
  // epoch, except with L-BFGS. What a row source throws is passed on: training rows that could not be had are asked for
  // again by the next call; where validation rows could not be had, go on from a snapshot.
  bool step();
  // Steps up to the end of the epoch. Returns the same.
  bool epoch();
  bool ended() const;

  // So far; complete once the run has ended.
  const TrainResult& result() const;
  // Ends the run where it stands (StopReason::callback) unless it has ended. Where it ends, the best weights return if
  // there were validation rows.
  const TrainResult& finish();

  // The whole state: parameters, statistics, slots, the history of L-BFGS, the best weights, and the scalars of where
  // the run stands in its epochs, its schedule and its patience. Everything else that decides what comes next is in
  // options and data: orders of rows and random numbers are computed from seed, epoch and step.
  Snapshot snapshot() const;
  // Goes on from a snapshot of a run over the same layers, rows, batch size and seed, with an optimizer of the same
  // kind; with more epochs it goes on for longer, unless it had ended and gone back to its best weights: for a run that
  // goes on, take the snapshot before the run ends. Throws Error, and changes nothing, if the snapshot is of another
  // run.
  void restore(const Snapshot& snapshot);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock
