// The state, batches and sessions of trainings side by side. Element i of replica r of a tensor is at [i, r].
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hillock/session.h"
#include "hillock/state.h"
#include "replicate/replica_copy.h"
#include "train/replica_plan.h"

namespace hillock {

class StackedReplicas {
 public:
  StackedReplicas(const ReplicaShape& shape, SharedFeatures shared, std::shared_ptr<const ReplicaPlans> plans,
                  std::int64_t count);

  std::int64_t count() const { return count_; }

  // --- parameters, statistics and slots ---
  // A copy of a replica's blocks, with the names and roles that they have in a single training.
  Store state(std::int64_t replica) const;
  // Copies a replica's parameters and statistics to `store`.
  void read_learnt(std::int64_t replica, Store& store) const;
  // Sets the blocks of a replica that `state` has; others keep their values.
  void set_state(std::int64_t replica, const Store& state);
  void set_block(std::int64_t replica, const std::string& name, const Tensor& values);
  // Sets parameters and slots to zero, and statistics to those of a network that has seen no rows.
  void clear_state(std::int64_t replica);
  bool learnt_is_finite() const;
  std::vector<bool> replicas_with_finite_state() const;

  // --- a batch ---
  // For rows that all replicas share: features are used in place, targets and weights are copied once.
  void feed_features_of_all(const void* features) { features_ = features; }
  // The rows of a replica: row k of its batch is row numbers[k] of `rows`.
  struct Fed {
    const RowsView* rows = nullptr;
    const std::int64_t* numbers = nullptr;
  };
  void feed_rows(std::span<const Fed> fed, std::int64_t count);
  // Sets the optimizer's numbers.
  void feed_numbers(std::int64_t replica, std::span<const double> values) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::int64_t place = static_cast<std::int64_t>(k) * count_ + replica;
      if (shape_.dtype() == DType::f32) {
        static_cast<float*>(numbers_.raw())[place] = static_cast<float>(values[k]);
      } else {
        static_cast<double*>(numbers_.raw())[place] = values[k];
      }
    }
  }
  // Sets what random numbers depend on.
  void feed_position(std::int64_t replica, std::uint64_t seed, std::int64_t step);
  // Runs the step up to the update. The smaller step is that of the last batch of an epoch.
  void run_before_writes(bool smaller);
  // The losses of the replicas, to be read by number(); valid until the next run.
  const void* losses() const { return session().output(StepGraph::kLoss); }
  double number(const void* values, std::int64_t index) const {
    if (shape_.dtype() == DType::f32) return static_cast<double>(static_cast<const float*>(values)[index]);
    return static_cast<const double*>(values)[index];
  }
  // For each replica whether its loss and gradient are finite: 1 or 0.
  std::span<const std::int32_t> finite_replicas() const {
    return session().output_values<std::int32_t>(StepGraph::kFinite);
  }
  bool finite() const;  // whether all are
  void run_writes();

  // --- validation ---
  void set_validation(std::int64_t replica, const Examples& rows);
  void validate();
  const void* validation_losses() const { return judge_->output(0); }

 private:
  void prepare_validation();
  Session& session() { return smaller_is_running_ ? *smaller_ : *full_; }
  const Session& session() const { return smaller_is_running_ ? *smaller_ : *full_; }
  void gather(std::span<const Fed> fed, TensorView RowsView::*field, std::int64_t count, Tensor& to);
  void read_replica(const Tensor& stacked, std::int64_t replica, const std::string& name, StateRole role,
                    Store& store) const;
  std::vector<bool> finite_columns(DType dtype, const void* values, std::int64_t rows) const;

  const ReplicaShape& shape_;
  SharedFeatures shared_;
  std::shared_ptr<const ReplicaPlans> plans_;
  std::int64_t count_;
  Store store_;
  // The blocks of store_ that are parameters or statistics.
  struct Learnt {
    std::string name;
    StateRole role;
    const Tensor* tensor;
  };
  std::vector<Learnt> learnt_;
  Store nothing_;  // the loss has no state
  std::unique_ptr<Session> full_, smaller_, forward_, judge_;
  bool smaller_is_running_ = false;
  Tensor row_features_, row_targets_, row_weights_;  // [batch, …, replicas]
  const void* features_ = nullptr;
  std::vector<ReplicaRows> sources_;
  Tensor numbers_, positions_;  // [numbers, replicas], [3, replicas]
  Tensor validation_features_, validation_targets_, validation_weights_, logits_;
  const void* all_validation_features_ = nullptr;
};

}  // namespace hillock
