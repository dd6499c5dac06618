// Trainings from many starts, shared out to threads.
#include "hillock/replicas.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "hillock/error.h"

namespace hillock {
namespace {

void require_set(const ReplicaSet& set) {
  if (set.network == nullptr) throw Error("replicas: a set has no network; name the one whose layers its starts have");
  if (set.options.on_epoch || set.options.on_step)
    throw Error("replicas: a set's options have a callback; use ReplicaSet::on_epoch");
  const TensorType& type = set.network->store().get("parameters").type();
  for (const ReplicaStart& start : set.starts) {
    if (start.parameters.dtype() == type.dtype && start.parameters.shape() == type.shape) continue;
    throw Error(fmt::format("replicas: a start's parameters are {}; the network has {}",
                            start.parameters.type().to_string(), type.to_string()));
  }
}

ReplicaResult train_alone(const ReplicaSet& set, std::size_t index, int threads) {
  const ReplicaStart& start = set.starts[index];
  Network network(set.network->options());
  Tensor& parameters = network.store().get("parameters");
  std::memcpy(parameters.raw(), start.parameters.raw(), parameters.bytes());
  TrainOptions options = set.options;
  options.seed = start.seed;
  options.step.session.threads = threads;
  options.gather_ahead = options.gather_ahead.value_or(false);  // the processors are busy with other starts
  if (set.on_epoch) options.on_epoch = [&](const EpochReport& report) { return set.on_epoch(index, report); };
  TrainResult result = Trainer(network, std::move(options)).fit(start.train, start.validation);
  return {std::move(result), std::move(parameters)};
}

// Does work(0), …, work(count - 1) on `threads` threads, the next by whoever is free. The first exception is thrown
// again when all threads have ended; no new work begins after it.
template <class Work>
void share_out(std::size_t count, int threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto loop = [&] {
    for (std::size_t k = next++; k < count; k = next++) {
      try {
        work(k);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::thread> others;
  const std::size_t most = std::min(count, static_cast<std::size_t>(threads));
  for (std::size_t k = 1; k < most; ++k) others.emplace_back(loop);
  loop();
  for (std::thread& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

std::vector<std::vector<ReplicaResult>> train_replicas(std::span<const ReplicaSet> sets,
                                                       const ReplicaOptions& options) {
  if (options.threads < 1) throw Error(fmt::format("replicas: {} threads; ask for 1 or more", options.threads));
  std::vector<std::vector<ReplicaResult>> results;
  std::vector<std::pair<std::size_t, std::size_t>> all;  // set and start
  for (std::size_t s = 0; s < sets.size(); ++s) {
    require_set(sets[s]);
    results.emplace_back(sets[s].starts.size());
    for (std::size_t k = 0; k < sets[s].starts.size(); ++k) all.emplace_back(s, k);
  }
  const int each = std::max(1, options.threads / static_cast<int>(std::max<std::size_t>(all.size(), 1)));
  share_out(all.size(), options.threads, [&](std::size_t k) {
    const auto [set, start] = all[k];
    results[set][start] = train_alone(sets[set], start, each);
  });
  return results;
}

}  // namespace hillock
