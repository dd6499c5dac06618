#include "train/replica_plan.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "nn/row_plan.h"
#include "replicate/replicate.h"
#include "rows/gather.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

std::unique_ptr<const Plan> plan_of(const Graph& alone, std::vector<Value> outputs, bool update, bool fuse,
                                    std::int64_t replicas, bool shares_features,
                                    const std::vector<std::string_view>& constants = {}) {
  std::optional<Replication> replication = Replication::of(alone, replicas, [&](std::string_view input) {
    return (shares_features && input == "features") || std::ranges::find(constants, input) != constants.end();
  });
  if (!replication) return nullptr;
  for (Value& output : outputs) output = (*replication)[output];
  return std::make_unique<const Plan>(replication->graph(),
                                      PlanOptions{.outputs = std::move(outputs), .update = update, .fuse = fuse});
}

bool same_statistics(const nn::StateLayout& a, const nn::StateLayout& b) {
  return std::ranges::equal(a.statistics, b.statistics, [](const nn::StatisticSpec& x, const nn::StatisticSpec& y) {
    return x.name == y.name && x.type == y.type && x.first == y.first && x.offset == y.offset;
  });
}

}  // namespace

ReplicaShape::ReplicaShape(const ReplicaSet& set) : network_(set.network), step_(set.options.step) {
  const ReplicaStart& start = set.starts.front();
  const TrainOptions& options = set.options;
  if (!network_->layout().statistics.empty()) first_statistics_ = Network(network_->options()).statistics();
  rows_ = start.train.rows();
  batch_ = options.batch_size <= 0 ? rows_ : std::min(options.batch_size, rows_);
  step_.watch = false;  // replicas are not watched
  step_.weighted = normalized_weights(start.train).has_value();
  shuffles_ = options.shuffle && steps_in_epoch() > 1;
  full_ = describe_step(*network_, batch_, type_of_rows(start.train.targets->type(), batch_), step_);
  draws_ = std::ranges::any_of(full_.graph.nodes(), [&](const Node& node) {
    return std::ranges::find(node.inputs, full_.graph.inputs()[StepGraph::kPosition]) != node.inputs.end();
  });
  if (rest() != 0)
    smaller_ = describe_step(*network_, rest(), type_of_rows(start.train.targets->type(), rest()), step_);
  if (!start.validation) return;
  validation_rows_ = start.validation->rows();
  validation_weighted_ = normalized_weights(*start.validation).has_value();
  forward_ = describe_forward(*network_, validation_batch());
  judge_ = describe_loss(*network_, step_.loss, start.validation->targets->type(), validation_weighted_);
}

std::int64_t ReplicaShape::validation_batch() const {
  return std::clamp<std::int64_t>(validation_rows_, 1, kRowsOfABlock);
}

bool ReplicaShape::same(const ReplicaShape& other) const {
  if (rows_ != other.rows_ || batch_ != other.batch_ || shuffles_ != other.shuffles_ ||
      validation_rows_ != other.validation_rows_ || step_.fuse != other.step_.fuse ||
      step_.optimizer.slots != other.step_.optimizer.slots ||
      network_->layout().groups != other.network_->layout().groups ||
      !same_statistics(network_->layout(), other.network_->layout())) {
    return false;
  }
  if (!same_graph(full_.graph, other.full_.graph) || full_.loss != other.full_.loss ||
      full_.gradient != other.full_.gradient)
    return false;
  if (validation_rows_ == 0) return true;
  return same_graph(forward_->graph, other.forward_->graph) && forward_->logits == other.forward_->logits &&
         same_graph(judge_->graph, other.judge_->graph) && judge_->loss == other.judge_->loss;
}

std::shared_ptr<const ReplicaPlans> ReplicaPlans::of(const ReplicaShape& shape, SharedFeatures shared,
                                                     std::int64_t replicas) {
  auto plans = std::make_shared<ReplicaPlans>();
  const auto plan_step = [&](const StepGraph& step) {
    std::vector<std::string_view> constants;
    for (const StepGraph::Constant& constant : step.constants)
      constants.push_back(step.graph.node(step.graph.inputs()[constant.input].node).name);
    return plan_of(step.graph, step.outputs(), true, shape.step().fuse, replicas, shared.train, constants);
  };
  plans->full = plan_step(shape.full());
  if (plans->full == nullptr) return nullptr;
  if (shape.smaller()) plans->smaller = plan_step(*shape.smaller());
  if (shape.smaller() && plans->smaller == nullptr) return nullptr;
  if (shape.validation_rows() == 0) return plans;
  plans->forward = plan_of(shape.forward()->graph, {shape.forward()->logits}, false, true, replicas, shared.validation);
  plans->judge = plan_of(shape.judge()->graph, {shape.judge()->loss}, false, true, replicas, false);
  if (plans->forward == nullptr || plans->judge == nullptr) return nullptr;
  return plans;
}

std::shared_ptr<const ReplicaPlans> ReplicaPlanCache::get(std::int64_t replicas) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const ReplicaPlans>& plans = plans_[replicas];
  if (plans == nullptr) plans = ReplicaPlans::of(shape_, shared_, replicas);
  return plans;
}

}  // namespace hillock
