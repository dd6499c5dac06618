#include "train/stacked_replicas.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/finite.h"
#include "core/float_mode.h"
#include "replicate/replica_copy.h"

namespace hillock {
namespace {

std::int64_t row_elements(const TensorType& type) {
  std::int64_t elements = 1;
  for (int axis = 1; axis < type.shape.rank(); ++axis) elements *= type.shape[axis];
  return elements;
}

Tensor stacked_tensor(const TensorType& alone, std::int64_t count) {
  return Tensor(TensorType{alone.dtype, {alone.elements(), count}, {}});
}

// Copies all rows of `from` to a replica.
void copy_rows(const Tensor& from, Tensor& stacked, std::int64_t count, std::int64_t replica) {
  copy_to_replica(from.raw(), from.elements(), size_in_bytes(from.dtype()), stacked.raw(), count, replica);
}

}  // namespace

StackedReplicas::StackedReplicas(const ReplicaShape& shape, SharedFeatures shared,
                                 std::shared_ptr<const ReplicaPlans> plans, std::int64_t count)
    : shape_(shape), shared_(shared), plans_(std::move(plans)), count_(count) {
  for (const PlanTensor& state : plans_->full->states())
    store_.put(state.name, Tensor(state.type), shape_.role_of(state.name));
  const Store& first = shape_.first_statistics();
  // A statistic that only prediction reads.
  for (const std::string& name : first.names()) {
    if (!store_.has(name)) store_.put(name, stacked_tensor(first.get(name).type(), count_), StateRole::statistic);
  }
  for (std::int64_t replica = 0; replica < count_; ++replica) set_state(replica, first);
  for (const std::string& name : store_.names(kLearnt))
    learnt_.push_back({name, store_.role(name), &std::as_const(store_).get(name)});
  full_ = std::make_unique<Session>(*plans_->full, store_);
  if (plans_->smaller) smaller_ = std::make_unique<Session>(*plans_->smaller, store_);
  const auto inputs = plans_->full->inputs();
  if (!shared_.train) row_features_ = Tensor(inputs[StepGraph::kFeatures].type);
  row_targets_ = Tensor(inputs[StepGraph::kTargets].type);
  numbers_ = Tensor(inputs[StepGraph::kNumbers].type);
  positions_ = Tensor(inputs[StepGraph::kPosition].type);
  if (shape_.weighted()) row_weights_ = Tensor(inputs[StepGraph::kWeights].type);
  for (Session* session : {full_.get(), smaller_.get()}) {
    if (session == nullptr) continue;
    session->bind(StepGraph::kNumbers, numbers_.raw());
    session->bind(StepGraph::kPosition, positions_.raw());
    for (const StepGraph::Constant& constant : shape_.full().constants)
      session->bind(constant.input, constant.value.raw());
  }
  if (shape_.validation_rows() > 0) prepare_validation();
}

void StackedReplicas::prepare_validation() {
  forward_ = std::make_unique<Session>(*plans_->forward, std::as_const(store_));
  judge_ = std::make_unique<Session>(*plans_->judge, nothing_);
  if (!shared_.validation) {
    // Whole batches, since the last one is read beyond the rows.
    const std::int64_t batch = shape_.validation_batch();
    const std::int64_t rows = (shape_.validation_rows() + batch - 1) / batch * batch;
    validation_features_ = Tensor(TensorType{shape_.dtype(), {rows, shape_.network().input.elements(), count_}, {}});
  }
  logits_ = Tensor(judge_->plan().inputs()[0].type);
  validation_targets_ = Tensor(judge_->plan().inputs()[1].type);
  judge_->bind(0, logits_.raw());
  if (shape_.validation_weighted()) {
    validation_weights_ = Tensor(judge_->plan().inputs()[2].type);
    judge_->bind(2, validation_weights_.raw());
  }
}

Store StackedReplicas::state(std::int64_t replica) const {
  Store state;
  for (const std::string& name : store_.names())
    read_replica(store_.get(name), replica, name, store_.role(name), state);
  return state;
}

void StackedReplicas::read_learnt(std::int64_t replica, Store& store) const {
  for (const Learnt& block : learnt_) read_replica(*block.tensor, replica, block.name, block.role, store);
}

void StackedReplicas::read_replica(const Tensor& stacked, std::int64_t replica, const std::string& name, StateRole role,
                                   Store& store) const {
  const std::int64_t elements = stacked.elements() / count_;
  if (!store.has(name)) store.put(name, Tensor(TensorType{stacked.dtype(), {elements}, {}}), role);
  copy_from_replica(stacked.raw(), elements, size_in_bytes(stacked.dtype()), store.get(name).raw(), count_, replica);
}

void StackedReplicas::set_state(std::int64_t replica, const Store& state) {
  for (const std::string& name : state.names()) set_block(replica, name, state.get(name));
}

void StackedReplicas::set_block(std::int64_t replica, const std::string& name, const Tensor& values) {
  copy_rows(values, store_.get(name), count_, replica);
}

void StackedReplicas::clear_state(std::int64_t replica) {
  for (const std::string& name : store_.names()) {
    Tensor& stacked = store_.get(name);
    clear_replica(stacked.raw(), stacked.elements() / count_, size_in_bytes(stacked.dtype()), count_, replica);
  }
  set_state(replica, shape_.first_statistics());
}

bool StackedReplicas::learnt_is_finite() const {
  return std::ranges::all_of(learnt_, [](const Learnt& block) { return all_finite(*block.tensor); });
}

std::vector<bool> StackedReplicas::replicas_with_finite_state() const {
  std::vector<bool> finite(static_cast<std::size_t>(count_), true);
  for (const Learnt& block : learnt_) {
    const Tensor& stacked = *block.tensor;
    const std::vector<bool> columns = finite_columns(stacked.dtype(), stacked.raw(), stacked.elements() / count_);
    for (std::size_t replica = 0; replica < finite.size(); ++replica)
      finite[replica] = finite[replica] && columns[replica];
  }
  return finite;
}

std::vector<bool> StackedReplicas::finite_columns(DType dtype, const void* values, std::int64_t rows) const {
  std::vector<bool> finite(static_cast<std::size_t>(count_), true);
  for (std::int64_t row = 0; is_float(dtype) && row < rows; ++row) {
    for (std::int64_t replica = 0; replica < count_; ++replica) {
      const std::int64_t at = row * count_ + replica;
      const bool is_number = dtype == DType::f32 ? std::isfinite(static_cast<const float*>(values)[at])
                                                 : std::isfinite(static_cast<const double*>(values)[at]);
      if (!is_number) finite[static_cast<std::size_t>(replica)] = false;
    }
  }
  return finite;
}

void StackedReplicas::feed_rows(std::span<const Fed> fed, std::int64_t count) {
  if (!shared_.train) gather(fed, &RowsView::features, count, row_features_);
  gather(fed, &RowsView::targets, count, row_targets_);
  if (shape_.weighted()) gather(fed, &RowsView::weights, count, row_weights_);
}

void StackedReplicas::gather(std::span<const Fed> fed, TensorView RowsView::*field, std::int64_t count, Tensor& to) {
  sources_.clear();
  for (const Fed& replica : fed) sources_.push_back({(replica.rows->*field).raw(), replica.numbers});
  const TensorType& type = (fed.front().rows->*field).type();
  gather_for_replicas(sources_, count, row_elements(type), size_in_bytes(type.dtype), to.raw());
}

void StackedReplicas::feed_position(std::int64_t replica, std::uint64_t seed, std::int64_t step) {
  std::int64_t* position = positions_.values<std::int64_t>().data() + replica;
  position[0] = static_cast<std::int64_t>(seed);
  position[count_] = step;
}

void StackedReplicas::run_before_writes(bool smaller) {
  smaller_is_running_ = smaller;
  Session& running = session();
  running.bind(StepGraph::kFeatures, shared_.train ? features_ : row_features_.raw());
  running.bind(StepGraph::kTargets, row_targets_.raw());
  if (shape_.weighted()) running.bind(StepGraph::kWeights, row_weights_.raw());
  running.run_before_writes();
}

bool StackedReplicas::finite() const {
  return std::ranges::all_of(finite_replicas(), [](std::int32_t flag) { return flag != 0; });
}

void StackedReplicas::run_writes() { session().run_writes(); }

void StackedReplicas::set_validation(std::int64_t replica, const Examples& rows) {
  if (shared_.validation) {
    all_validation_features_ = rows.features->raw();
  } else {
    copy_rows(*rows.features, validation_features_, count_, replica);
  }
  copy_rows(*rows.targets, validation_targets_, count_, replica);
  if (shape_.validation_weighted()) copy_rows(*rows.weights, validation_weights_, count_, replica);
}

void StackedReplicas::validate() {
  const std::int64_t rows = shape_.validation_rows(), batch = shape_.validation_batch();
  const std::size_t element = size_in_bytes(shape_.dtype());
  const std::size_t row_bytes = static_cast<std::size_t>(shape_.network().input.elements()) * element *
                                static_cast<std::size_t>(shared_.validation ? 1 : count_);
  const std::size_t out_bytes = logits_.bytes() / static_cast<std::size_t>(rows);
  const auto* features =
      static_cast<const std::byte*>(shared_.validation ? all_validation_features_ : validation_features_.raw());
  std::vector<std::byte> last;
  for (std::int64_t first = 0; first < rows; first += batch) {
    const std::int64_t here = std::min(batch, rows - first);
    const std::byte* from = features + static_cast<std::size_t>(first) * row_bytes;
    if (here < batch && shared_.validation) {
      last.resize(static_cast<std::size_t>(batch) * row_bytes);
      std::memcpy(last.data(), from, static_cast<std::size_t>(here) * row_bytes);
      from = last.data();
    }
    forward_->bind(0, from);
    forward_->run();
    std::memcpy(static_cast<std::byte*>(logits_.raw()) + static_cast<std::size_t>(first) * out_bytes,
                forward_->output(0), static_cast<std::size_t>(here) * out_bytes);
  }
  judge_->bind(1, validation_targets_.raw());
  judge_->run();
}

}  // namespace hillock
