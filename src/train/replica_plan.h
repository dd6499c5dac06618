// Decides which trainings can be computed side by side, and makes the plans for many of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "hillock/plan.h"
#include "hillock/replicas.h"
#include "hillock/state.h"
#include "train/step_graph.h"

namespace hillock {

// The graphs of one training.
class ReplicaShape {
 public:
  // Describes the set's first start. Throws Error if network, loss and targets do not fit together.
  explicit ReplicaShape(const ReplicaSet& set);

  // Whether trainings of both shapes can be replicas in one plan.
  bool same(const ReplicaShape& other) const;

  DType dtype() const { return network_->options().dtype; }
  const NetworkOptions& network() const { return network_->options(); }
  std::int64_t parameters() const { return network_->parameter_count(); }
  // The role of a state of the step's plan. A state that the network does not have is a slot of the optimizer.
  StateRole role_of(const std::string& state) const {
    return network_->store().has(state) ? network_->store().role(state) : StateRole::slot;
  }
  // The statistics of a network that has seen no rows.
  const Store& first_statistics() const { return first_statistics_; }
  const StepOptions& step() const { return step_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t batch() const { return batch_; }
  std::int64_t rest() const { return rows_ % batch_; }
  std::int64_t steps_in_epoch() const { return (rows_ + batch_ - 1) / batch_; }
  bool shuffles() const { return shuffles_; }
  std::int64_t validation_rows() const { return validation_rows_; }  // 0 if there are none
  std::int64_t validation_batch() const;
  bool weighted() const { return step_.weighted; }
  bool draws() const { return draws_; }  // whether it draws random numbers, which depend on the position
  bool validation_weighted() const { return validation_weighted_; }

  const StepGraph& full() const { return full_; }
  const std::optional<StepGraph>& smaller() const { return smaller_; }
  const std::optional<ForwardGraph>& forward() const { return forward_; }
  const std::optional<LossGraph>& judge() const { return judge_; }

 private:
  const Network* network_;
  Store first_statistics_;
  StepOptions step_;
  std::int64_t rows_ = 0, batch_ = 0, validation_rows_ = 0;
  bool shuffles_ = false, draws_ = false, validation_weighted_ = false;
  StepGraph full_;
  std::optional<StepGraph> smaller_;
  std::optional<ForwardGraph> forward_;
  std::optional<LossGraph> judge_;
};

// Which features all replicas share.
struct SharedFeatures {
  bool train = false, validation = false;
};

// The plans for `replicas` trainings of a shape.
struct ReplicaPlans {
  // Returns nothing if an op cannot be replicated.
  static std::shared_ptr<const ReplicaPlans> of(const ReplicaShape& shape, SharedFeatures shared,
                                                std::int64_t replicas);

  std::unique_ptr<const Plan> full;     // outputs: StepGraph::Output of each replica
  std::unique_ptr<const Plan> smaller;  // for the last batch of an epoch, if it has fewer rows
  std::unique_ptr<const Plan> forward;  // output: logits
  std::unique_ptr<const Plan> judge;    // output: losses
};

// Makes plans when they are first needed. Thread-safe.
class ReplicaPlanCache {
 public:
  ReplicaPlanCache(const ReplicaShape& shape, SharedFeatures shared) : shape_(shape), shared_(shared) {}
  std::shared_ptr<const ReplicaPlans> get(std::int64_t replicas);

 private:
  const ReplicaShape& shape_;
  SharedFeatures shared_;
  std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<const ReplicaPlans>> plans_;
};

}  // namespace hillock
