// The numbers of trainings side by side: their state, batches, sessions. Element i of lane r of a tensor
// stands at [i, r].
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hillock/session.h"
#include "hillock/state.h"
#include "replicate/lane_copy.h"
#include "train/replica_plan.h"

namespace hillock {

class ReplicaLanes {
 public:
  ReplicaLanes(const ReplicaShape& shape, SharedFeatures shared, std::shared_ptr<const ReplicaPlans> plans,
               std::int64_t count);

  std::int64_t count() const { return count_; }

  // --- parameters, statistics and slots ---
  // A lane's blocks, as they are now; the names and roles are those of the training alone.
  Store state(std::int64_t lane) const;
  // Puts a lane's parameters and statistics into `store`.
  void read_learnt(std::int64_t lane, Store& store) const;
  // Puts blocks into a lane; those that `state` lacks stay.
  void set_state(std::int64_t lane, const Store& state);
  void set_block(std::int64_t lane, const std::string& name, const Tensor& values);
  // Parameters and slots of zero, the statistics of a network that has seen nothing.
  void clear_state(std::int64_t lane);
  bool learnt_is_finite() const;
  std::vector<bool> lanes_with_finite_state() const;

  // --- a batch ---
  // The rows of all lanes are the same: features stay where they are, the others are copied once.
  void feed_features_of_all(const void* features) { features_ = features; }
  // Rows of every lane: row k of a batch of lane r is row numbers[k] of its rows.
  struct Fed {
    const RowsView* rows = nullptr;
    const std::int64_t* numbers = nullptr;
  };
  void feed_rows(std::span<const Fed> lanes, std::int64_t count);
  // The optimizer's numbers.
  void feed_numbers(std::int64_t lane, std::span<const double> values) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::int64_t place = static_cast<std::int64_t>(k) * count_ + lane;
      if (shape_.dtype() == DType::f32) {
        static_cast<float*>(numbers_.raw())[place] = static_cast<float>(values[k]);
      } else {
        static_cast<double*>(numbers_.raw())[place] = values[k];
      }
    }
  }
  // What random numbers depend on.
  void feed_position(std::int64_t lane, std::uint64_t seed, std::int64_t step);
  // Up to the update; the smaller step is that of the last batch of an epoch.
  void run_before_writes(bool smaller);
  // The losses of the lanes, valid until the next run, for number().
  const void* losses() const { return session().output(StepGraph::kLoss); }
  double number(const void* values, std::int64_t index) const {
    if (shape_.dtype() == DType::f32) return static_cast<double>(static_cast<const float*>(values)[index]);
    return static_cast<const double*>(values)[index];
  }
  // Of each lane whether its loss and gradient are finite: 1 or 0.
  std::span<const std::int32_t> finite_lanes() const {
    return session().output_values<std::int32_t>(StepGraph::kFinite);
  }
  bool finite() const;  // all of them
  void run_writes();

  // --- validation ---
  void set_validation(std::int64_t lane, const Examples& rows);
  void validate();
  const void* validation_losses() const { return judge_->output(0); }

 private:
  void prepare_validation();
  Session& session() { return smaller_is_running_ ? *smaller_ : *full_; }
  const Session& session() const { return smaller_is_running_ ? *smaller_ : *full_; }
  void gather(std::span<const Fed> lanes, TensorView RowsView::*part, std::int64_t count, Tensor& to);
  void read_lane(const Tensor& lanes, std::int64_t lane, const std::string& name, StateRole role, Store& store) const;
  std::vector<bool> finite_columns(DType dtype, const void* values, std::int64_t rows) const;

  const ReplicaShape& shape_;
  SharedFeatures shared_;
  std::shared_ptr<const ReplicaPlans> plans_;
  std::int64_t count_;
  Store store_;
  // Blocks of store_ that are parameters or statistics.
  struct Learnt {
    std::string name;
    StateRole role;
    const Tensor* lanes;
  };
  std::vector<Learnt> learnt_;
  Store nothing_;  // the loss has no state
  std::unique_ptr<Session> full_, smaller_, forward_, judge_;
  bool smaller_is_running_ = false;
  Tensor row_features_, row_targets_, row_weights_;  // [batch, …, lanes]
  const void* features_ = nullptr;
  std::vector<LaneRows> sources_;
  Tensor numbers_, positions_;  // [numbers, lanes], [3, lanes]
  Tensor validation_features_, validation_targets_, validation_weights_, logits_;
  const void* all_validation_features_ = nullptr;
};

}  // namespace hillock
