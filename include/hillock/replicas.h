// Trains a network many times from different starting points: other seeds, first parameters or rates. Each training
// gives the same bits as alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "hillock/network.h"
#include "hillock/train.h"

namespace hillock {

// The starting point of one training. The tensors of the examples must outlive the call; starts may share them.
struct ReplicaStart {
  Tensor parameters;  // the first parameters, as Network::parameters()
  std::uint64_t seed = 0;
  Examples train;
  std::optional<Examples> validation{};
  // The first statistics, by block (Network::statistics()); empty: the layers' own first values.
  Store statistics{};
};

// Trainings that differ only in their starting points.
struct ReplicaSet {
  const Network* network = nullptr;  // the layers of all starts; its parameters and statistics are not used
  TrainOptions options;              // `seed` is ignored; on_epoch and on_step must be empty (Error)
  std::vector<ReplicaStart> starts;
  // Called after every epoch of every start: in order for one start, concurrently from several threads for different
  // ones. Return false to stop that start. `report.validation` is only guaranteed to have loss and rows. May be empty.
  std::function<bool(std::size_t start, const EpochReport& report)> on_epoch{};
  // Called when a start has ended, even by `interrupt`; concurrently from several threads for different starts. May be
  // empty.
  std::function<void(std::size_t start, const TrainResult& result)> on_end{};
};

struct ReplicaResult {
  TrainResult result;
  Tensor parameters;          // the last or, with validation rows, the best
  bool side_by_side = false;  // whether it ran in a lane of a plan shared with others
  Store statistics{};         // the statistics that belong to the parameters
};

struct ReplicaOptions {
  int threads = 1;
  // How many trainings share one plan, each in a lane of the vectors: 0 for as many as suit the caches, 1 for none, or
  // a power of two of at least 8. Does not affect results.
  std::int64_t lanes = 0;
};

// Returns, for each set and start, the result of Trainer(network, options).fit(train, validation), bit for bit, except
// that TrainResult::seconds is the start's share of a thread's time. Small trainings whose steps are the same
// computation run side by side, whether they belong to one set or to several: each occupies one lane of the processor's
// vectors, so one instruction serves 8 of them (4 in f64). Throws Error as Trainer does.
std::vector<std::vector<ReplicaResult>> train_replicas(std::span<const ReplicaSet> sets,
                                                       const ReplicaOptions& options = {});

}  // namespace hillock
