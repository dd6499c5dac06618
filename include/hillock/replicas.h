// Many trainings of one network from different starts: seeds, first weights, rates. Each gives the same bits as alone.
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

// One start. What the examples point to must outlive the call; starts may share it.
struct ReplicaStart {
  Tensor parameters;  // all first parameters, one after another: Network::parameters()
  std::uint64_t seed = 0;
  Examples train;
  std::optional<Examples> validation{};
  // The first statistics, by block (Network::statistics()); empty: the layers' first values.
  Store statistics{};
};

// Starts that differ in nothing else.
struct ReplicaSet {
  const Network* network = nullptr;  // what layers all starts have; its own state does not matter
  TrainOptions options;              // `seed` is each start's; no on_epoch, no on_step
  std::vector<ReplicaStart> starts;
  // Called after every epoch of every start, of one start in order, of different ones from several threads at once;
  // return false to stop that start. Of `validation` only loss and rows are certain to be there. May be empty.
  std::function<bool(std::size_t start, const EpochReport& report)> on_epoch{};
  // Called when a start has ended, by `interrupt` too, of different ones from several threads at once. May be empty.
  std::function<void(std::size_t start, const TrainResult& result)> on_end{};
};

struct ReplicaResult {
  TrainResult result;
  Tensor parameters;          // the last, or the best
  bool side_by_side = false;  // whether it was a lane of a plan
  Store statistics{};         // that belong to the parameters
};

struct ReplicaOptions {
  int threads = 1;
  // How many trainings may be lanes of one plan: 0 for as many as suit the caches, 1 for none, or a power of two of at
  // least 8. The same bits in any case.
  std::int64_t lanes = 0;
};

// For each set and start what Trainer(network, options).fit(train, validation) gives, bit for bit, except for the time:
// TrainResult::seconds is the start's share of the time of a thread. Small trainings whose steps are the same
// computation go side by side, one in each lane of the processor's vectors, whether they are of one set or of several:
// then an instruction does the same for 8 of them (4 in f64). Throws Error as Trainer does.
std::vector<std::vector<ReplicaResult>> train_replicas(std::span<const ReplicaSet> sets,
                                                       const ReplicaOptions& options = {});

}  // namespace hillock
