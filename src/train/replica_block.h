// Trainings side by side, one for each replica. When a replica's training has ended, the replica takes the next start
// at the end of the epoch; where there are no more starts, the block becomes narrower. One thread runs a block.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hillock/replicas.h"
#include "train/replica_plan.h"
#include "train/stacked_replicas.h"
#include "train/step_numbers.h"
#include "train/training_state.h"

namespace hillock {

// The position of a start within the sets.
struct ReplicaPlace {
  std::size_t set = 0, start = 0;
};

// Starts of one shape, and where their results go. Shared by the blocks that train them.
struct ReplicaQueue {
  std::span<const ReplicaSet> sets;
  std::vector<ReplicaPlace> starts;
  std::span<std::vector<ReplicaResult>> results;  // by set and start
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopping{false};  // set when another thread has failed
};

class ReplicaBlock {
 public:
  // `replicas` is a number of replicas for which there are plans; it is halved down to `fewest_replicas`.
  ReplicaBlock(const ReplicaShape& shape, SharedFeatures shared, ReplicaPlanCache& plans, ReplicaQueue& queue,
               std::int64_t replicas, std::int64_t fewest_replicas);
  // Trains until the queue is empty and all replicas have ended.
  void run();

 private:
  // A training without its numbers.
  struct Training {
    ReplicaPlace place;
    const ReplicaSet* set = nullptr;
    const ReplicaStart* start = nullptr;
    std::optional<Tensor> weights;  // of the rows; normalized
    RowsView rows;                  // with these weights
    StepNumbers numbers;
    std::optional<TrainingState> state;
    std::vector<std::int64_t> order;  // of the rows in this epoch
    double seconds_before = 0;
    bool active = false;
  };

  void list_active();
  void fill();
  void take(std::size_t replica, ReplicaPlace place);
  void load(std::size_t replica);
  void narrow();
  void run_epoch();
  void run_step(std::int64_t first_row, std::int64_t rows);
  void stop_interrupted(const std::atomic<bool>* interrupt);
  void run_step_of_finite_replicas(std::int64_t first_row, std::int64_t rows);
  void feed_rows(std::int64_t first_row, std::int64_t rows);
  void feed(std::int64_t first_row, std::int64_t rows);
  std::string explain(std::size_t replica, std::int64_t first_row, std::int64_t rows, double loss) const;
  void take_time();
  void finish_epoch();
  void finish_epoch(std::size_t replica, const std::optional<double>& validation_loss);
  void end(std::size_t replica);

  const ReplicaShape& shape_;
  SharedFeatures shared_;
  ReplicaPlanCache& plans_;
  ReplicaQueue& queue_;
  std::int64_t fewest_replicas_;
  std::unique_ptr<StackedReplicas> replicas_;
  std::vector<Training> training_;   // by replica
  std::vector<std::size_t> active_;  // replicas at work at the start of the epoch; some may have ended since
  std::vector<const std::atomic<bool>*> interrupts_;  // that they listen to
  std::vector<StackedReplicas::Fed> fed_;             // by replica
  bool rows_are_fed_ = false;                         // whether the rows of all steps are the same and have been fed
  std::int64_t running_ = 0;                          // replicas at work now
  bool ended_ = false;                                // some replica, since active_ was listed
  // A replica's share of the thread's time since the block began; replicas that are at work get equal shares.
  double share_seconds_ = 0;
  std::chrono::steady_clock::time_point last_time_;
};

}  // namespace hillock
