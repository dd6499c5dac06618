// Decides which trainings run side by side, and runs them on threads. Trainings whose steps have the same graph are
// replicas in one plan, in blocks that suit the caches. Other trainings, and those that are too large to gain from
// this, run alone.
#include "hillock/replicas.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "core/try_thread.h"
#include "hillock/error.h"
#include "train/examples.h"
#include "train/replica_block.h"
#include "train/replica_plan.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

// docs/performance.md has the measurements behind these constants.
constexpr std::int64_t kMostReplicas = 128;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;  // the most that a block of more than two vectors touches
// Above so many operations in a step of one training, running alone is as fast: its products keep the processor as
// busy. Rows that are gathered for each replica cost more than rows that all replicas share.
constexpr double kReplicaFlops = 85e3, kReplicaFlopsOfSharedRows = 300e3;

void require_statistics(const Network& network, const Store& given) {
  for (const std::string& name : given.names()) {
    if (network.store().has(name) && network.store().role(name) == given.role(name) &&
        network.store().get(name).type() == given.get(name).type())
      continue;
    throw Error(
        fmt::format("replicas: a start has the statistics \"{}\", {}, which its network has not; take them from "
                    "Network::statistics()",
                    name, given.get(name).type().to_string()));
  }
}

void require_set(const ReplicaSet& set) {
  if (set.network == nullptr) throw Error("replicas: a set has no network; name the one whose layers its starts have");
  if (set.options.on_epoch || set.options.on_step)
    throw Error("replicas: a set's options have a callback; use ReplicaSet::on_epoch");
  require_options(set.options, *set.network);
  const TensorType& type = set.network->parameters().type();
  for (const ReplicaStart& start : set.starts) {
    require_examples(*set.network, start.train, "train", "training");
    if (start.validation) require_examples(*set.network, *start.validation, "train", "validation");
    require_statistics(*set.network, start.statistics);
    if (start.parameters.dtype() == type.dtype && start.parameters.shape() == type.shape) continue;
    throw Error(fmt::format("replicas: a start's parameters are {}; the network has {}",
                            start.parameters.type().to_string(), type.to_string()));
  }
}

void require_possible(const ReplicaOptions& options) {
  if (options.threads < 1) throw Error(fmt::format("replicas: {} threads; ask for 1 or more", options.threads));
  const bool possible = options.lanes == 0 || options.lanes == 1 ||
                        (options.lanes >= 8 && std::has_single_bit(static_cast<std::uint64_t>(options.lanes)));
  if (!possible)
    throw Error(fmt::format("replicas: {} lanes; ask for 0, 1 or a power of two of at least 8", options.lanes));
}

// Starts of one shape.
struct Group {
  std::shared_ptr<const ReplicaShape> shape;  // shared by several groups if starts share rows
  std::vector<ReplicaPlace> starts;
  SharedFeatures shared{};
};

bool same_data(const Tensor& x, const Tensor& y) {
  return &x == &y || (x.type() == y.type() && std::memcmp(x.raw(), y.raw(), x.bytes()) == 0);
}

bool same_kind(const Examples& x, const Examples& y) {
  return x.features->type() == y.features->type() && x.targets->type() == y.targets->type() &&
         normalized_weights(x).has_value() == normalized_weights(y).has_value();
}

// Whether a start of a set has the shape of its first one.
bool same_kind(const ReplicaStart& x, const ReplicaStart& y) {
  if (!same_kind(x.train, y.train) || x.validation.has_value() != y.validation.has_value()) return false;
  return !x.validation || same_kind(*x.validation, *y.validation);
}

class Grouping {
 public:
  Grouping(std::span<const ReplicaSet> sets, bool side_by_side) : sets_(sets) {
    for (std::size_t s = 0; s < sets.size(); ++s) add_set(s, side_by_side);
    share_features();
  }

  std::vector<Group> groups;
  std::vector<ReplicaPlace> alone;  // starts that belong to no group

 private:
  const ReplicaStart& start(ReplicaPlace place) const { return sets_[place.set].starts[place.start]; }

  void add_set(std::size_t s, bool side_by_side) {
    const ReplicaSet& set = sets_[s];
    if (set.starts.empty()) return;
    const Optimizer& optimizer = set.options.step.optimizer;
    const bool may = side_by_side && !optimizer.full_batch() && optimizer.update && set.options.epochs > 0;
    Group* group = may ? &group_of(set) : nullptr;
    for (std::size_t k = 0; k < set.starts.size(); ++k) {
      const bool fits = may && (k == 0 || same_kind(set.starts[k], set.starts[0]));
      (fits ? group->starts : alone).push_back({s, k});
    }
  }

  Group& group_of(const ReplicaSet& set) {
    auto shape = std::make_shared<const ReplicaShape>(set);
    for (Group& group : groups) {
      if (group.shape->same(*shape)) return group;
    }
    return groups.emplace_back(Group{std::move(shape), {}, {}});
  }

  // If batches are the same rows in every epoch, starts on the same data form a group of their own that shares them,
  // provided there are enough to fill a vector.
  void share_features() {
    constexpr std::size_t kEnough = 8;
    std::vector<Group> result;
    for (Group& group : groups) {
      std::vector<ReplicaPlace> others;
      std::vector<std::vector<ReplicaPlace>> buckets = by_data(group);
      for (std::vector<ReplicaPlace>& bucket : buckets) {
        if (group.shape->shuffles() || bucket.size() < kEnough) {
          others.insert(others.end(), bucket.begin(), bucket.end());
        } else {
          result.push_back({group.shape, std::move(bucket), {.train = true}});
        }
      }
      if (!others.empty()) result.push_back({std::move(group.shape), std::move(others), {}});
    }
    for (Group& group : result) {
      const auto same_validation = [&](ReplicaPlace place) {
        return same_data(*start(place).validation->features, *start(group.starts.front()).validation->features);
      };
      group.shared.validation =
          group.shape->validation_rows() > 0 && std::ranges::all_of(group.starts, same_validation);
    }
    groups = std::move(result);
  }

  // Grouped by their data, or all in one group if rows are shuffled.
  std::vector<std::vector<ReplicaPlace>> by_data(const Group& group) const {
    if (group.shape->shuffles()) return {group.starts};
    std::vector<std::vector<ReplicaPlace>> buckets;
    for (const ReplicaPlace place : group.starts) {
      const auto known = std::ranges::find_if(buckets, [&](const std::vector<ReplicaPlace>& bucket) {
        return same_data(*start(bucket.front()).train.features, *start(place).train.features);
      });
      (known == buckets.end() ? buckets.emplace_back() : *known).push_back(place);
    }
    return buckets;
  }

  std::span<const ReplicaSet> sets_;
};

// A vector's worth.
std::int64_t fewest_replicas(const ReplicaShape& shape) { return shape.dtype() == DType::f32 ? 8 : 4; }

// The bytes that one replica touches in a step.
std::size_t bytes_of_replica(const ReplicaShape& shape, const ReplicaPlans& plans, std::int64_t replicas) {
  std::size_t bytes = plans.full->arena_bytes();
  for (const PlanTensor& state : plans.full->states()) bytes += state.type.bytes();
  for (const PlanTensor& input : plans.full->inputs()) bytes += input.type.bytes();
  if (shape.validation_rows() > 0) bytes += plans.forward->arena_bytes();
  return bytes / static_cast<std::size_t>(replicas);
}

// The number of replicas in a block; nothing if running alone is faster.
std::optional<std::int64_t> replicas_for(const Group& group, ReplicaPlanCache& plans, const ReplicaOptions& options) {
  const std::int64_t fewest = fewest_replicas(*group.shape), threads = options.threads;
  if (options.lanes > 0) return plans.get(options.lanes) == nullptr ? std::nullopt : std::optional(options.lanes);
  const std::int64_t each = (std::ssize(group.starts) + threads - 1) / threads;
  if (each * 2 < fewest) return std::nullopt;
  const std::shared_ptr<const ReplicaPlans> narrow = plans.get(fewest);
  if (narrow == nullptr) return std::nullopt;
  const std::size_t bytes = bytes_of_replica(*group.shape, *narrow, fewest);
  const double flops = narrow->full->flops() / static_cast<double>(fewest);
  if (flops > (group.shared.train ? kReplicaFlopsOfSharedRows : kReplicaFlops)) return std::nullopt;
  std::int64_t replicas = fewest;
  while (replicas < kMostReplicas && replicas < each &&
         (replicas == fewest || static_cast<std::size_t>(2 * replicas) * bytes <= kBlockBytes)) {
    replicas *= 2;
  }
  return replicas;
}

ReplicaResult train_alone(const ReplicaSet& set, std::size_t index, int threads) {
  const ReplicaStart& start = set.starts[index];
  Network network(set.network->options());
  network.set_parameters(start.parameters);
  copy_state(start.statistics, network.store(), {StateRole::statistic});
  TrainOptions options = set.options;
  options.seed = start.seed;
  options.step.session.threads = threads;
  options.gather_ahead = options.gather_ahead.value_or(false);  // the processors are busy with other starts
  if (set.on_epoch) options.on_epoch = [&](const EpochReport& report) { return set.on_epoch(index, report); };
  TrainResult result = Trainer(network, std::move(options)).fit(start.train, start.validation);
  if (set.on_end) set.on_end(index, result);
  return {std::move(result), std::move(network.parameters()), false, network.statistics()};
}

// Pieces of work that `threads` threads carry out, each taking the next one when it is free. After an exception no more
// pieces are started; the first exception is rethrown when all threads have ended.
class Work {
 public:
  void add(std::function<void()> piece) { pieces_.push_back(std::move(piece)); }

  void carry_out(int threads, const std::function<void()>& on_failure) {
    std::vector<std::thread> others;
    const std::size_t most = std::min(pieces_.size(), static_cast<std::size_t>(threads));
    others.reserve(most);
    for (std::size_t k = 1; k < most; ++k) {
      std::thread thread = try_thread([&] { loop(on_failure); });
      if (!thread.joinable()) break;  // the threads that exist do all of the work
      others.push_back(std::move(thread));
    }
    loop(on_failure);
    for (std::thread& thread : others) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void loop(const std::function<void()>& on_failure) {
    for (std::size_t k = next_++; k < pieces_.size(); k = next_++) {
      try {
        pieces_[k]();
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        next_ = pieces_.size();
        on_failure();
      }
    }
  }

  std::vector<std::function<void()>> pieces_;
  std::atomic<std::size_t> next_{0};
  std::exception_ptr failure_;
  std::mutex mutex_;
};

// A group that is trained in blocks: its plans, and the queue from which the blocks take starts.
struct Blocks {
  Blocks(const Group& group) : plans(*group.shape, group.shared) {}
  ReplicaPlanCache plans;
  ReplicaQueue queue;
};

}  // namespace

std::vector<std::vector<ReplicaResult>> train_replicas(std::span<const ReplicaSet> sets,
                                                       const ReplicaOptions& options) {
  require_possible(options);
  std::vector<std::vector<ReplicaResult>> results;
  for (const ReplicaSet& set : sets) {
    require_set(set);
    results.emplace_back(set.starts.size());
  }
  Grouping grouping(sets, options.lanes != 1);
  Work work;
  std::vector<std::unique_ptr<Blocks>> in_blocks;
  for (Group& group : grouping.groups) {
    auto blocks = std::make_unique<Blocks>(group);
    const std::optional<std::int64_t> count = replicas_for(group, blocks->plans, options);
    if (!count) {
      grouping.alone.insert(grouping.alone.end(), group.starts.begin(), group.starts.end());
      continue;
    }
    blocks->queue.sets = sets;
    blocks->queue.results = results;
    blocks->queue.starts = std::move(group.starts);
    for (int thread = 0; thread < options.threads; ++thread) {
      work.add([&shape = *group.shape, shared = group.shared, blocks = blocks.get(), count = *count] {
        ReplicaBlock(shape, shared, blocks->plans, blocks->queue, count, fewest_replicas(shape)).run();
      });
    }
    in_blocks.push_back(std::move(blocks));
  }
  // The first start of every set, then the second, so that an interrupted run has some starts of each set.
  std::ranges::stable_sort(grouping.alone, {}, [](ReplicaPlace place) { return std::pair(place.start, place.set); });
  const auto all_alone = static_cast<int>(std::max<std::size_t>(grouping.alone.size(), 1));
  for (const auto [set, start] : grouping.alone) {
    work.add([&, set = set, start = start] {
      results[set][start] = train_alone(sets[set], start, std::max(1, options.threads / all_alone));
    });
  }
  work.carry_out(options.threads, [&] {
    for (const auto& blocks : in_blocks) blocks->queue.stopping = true;
  });
  return results;
}

}  // namespace hillock
