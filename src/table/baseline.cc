// Both baselines are networks without hidden layers, with the job's output and loss. The constant one has weights of
// zero and a bias that gives the mean of the training targets, or their quantile or the most frequent class if the loss
// asks for it. The linear one is trained by Adam for a short while: it is a yardstick, not the best linear model there
// is.
#include "table/baseline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "table/constant_output.h"
#include "table/scores.h"

namespace hillock {
namespace {

constexpr std::int64_t kEpochs = 50, kPatience = 5, kBatch = 256, kMinSteps = 1000, kMaxSteps = 10000;
constexpr double kRate = 0.01;

Network without_hidden_layers(const PreparedJob& job) {
  NetworkSpec spec;
  spec.output = job.model.network.options().output;
  const std::int64_t outputs = job.model.network.outputs();
  // An embedding with one number per output is exactly as expressive in a linear model as one input per category. With
  // many outputs the embedding's own width limits it.
  std::vector<nn::Embedding> embeddings = job.model.encoding.embeddings();
  for (nn::Embedding& embedding : embeddings) embedding.width = std::min(embedding.width, outputs);
  return make_network(spec, job.splits.train.features.shape()[1], outputs, job.model.network.options().dtype,
                      embeddings);
}

// The weight of a training row.
double weight_of(const PreparedRows& train, std::int64_t row) {
  return train.has_weights() ? train.weights.at(row) : 1;
}

// The mean of the targets as the network sees them: the mean of each numeric target, the share of class 1, or the share
// of each class.
std::vector<double> mean_targets(const PreparedJob& job) {
  const PreparedRows& train = job.splits.train;
  std::vector<double> means(static_cast<std::size_t>(job.model.network.outputs()));
  const bool one_hot = job.model.task == Task::classification && means.size() > 1;
  const auto count = static_cast<std::int64_t>(means.size());
  double total = 0;
  for (std::int64_t row = 0; row < train.rows(); ++row) {
    const double weight = weight_of(train, row);
    if (one_hot) means[static_cast<std::size_t>(train.targets.at(row))] += weight;
    for (std::int64_t k = 0; !one_hot && k < count; ++k)
      means[static_cast<std::size_t>(k)] += weight * train.targets.at(row * count + k);
    total += weight;
  }
  for (double& mean : means) mean /= total;
  return means;
}

// The constant outputs of the network, after its output activation, that the loss asks for.
std::vector<double> constant_outputs(const PreparedJob& job) {
  std::vector<double> outputs = mean_targets(job);
  if (job.model.loss == nn::LossKind::hinge) to_margins(outputs);
  if (job.model.loss == nn::LossKind::quantile) {
    const PreparedRows& train = job.splits.train;
    const auto count = static_cast<std::int64_t>(outputs.size());
    for (std::int64_t k = 0; k < count; ++k) {
      std::vector<WeightedValue> values;
      for (std::int64_t row = 0; row < train.rows(); ++row)
        values.push_back({train.targets.at(row * count + k), weight_of(train, row)});
      outputs[static_cast<std::size_t>(k)] = quantile_of(std::move(values), job.model.loss_parameter);
    }
  }
  return outputs;
}

// Returns nothing if training did not finish; `stopped` then holds the reason.
std::optional<Network> linear_network(const PreparedJob& job, StopReason& stopped) {
  Network network = without_hidden_layers(job);
  network.initialize(job.options.seed);
  TrainOptions options = job.options;
  options.step.optimizer = adam();
  options.step.clip_norm = 0;
  const std::int64_t steps = (job.splits.train.rows() + kBatch - 1) / kBatch;
  options.epochs = std::clamp(kMaxSteps / steps, std::int64_t{1}, std::max(kEpochs, kMinSteps / steps));
  options.batch_size = std::min(kBatch, job.splits.train.rows());
  options.rate = kRate;
  options.schedule = {};
  options.patience = job.splits.validation ? kPatience : 0;
  options.target_loss.reset();
  options.on_epoch = nullptr;
  options.on_step = nullptr;
  const auto validation = job.splits.validation ? std::optional(job.splits.validation->examples()) : std::nullopt;
  stopped = Trainer(network, options).fit(job.splits.train.examples(), validation).stopped;
  if (stopped == StopReason::interrupted || stopped == StopReason::not_finite) return std::nullopt;
  return network;
}

std::optional<Comparison> compare(const PreparedJob& job, const Network& linear) {
  const PreparedRows* rows = job.splits.test         ? &*job.splits.test
                             : job.splits.validation ? &*job.splits.validation
                                                     : nullptr;
  if (rows == nullptr) return std::nullopt;
  const SessionOptions& session = job.options.step.session;
  return compare_predictions(predict(job.model.network, rows->features, session),
                             predict(linear, rows->features, session), rows->targets, job.options.seed,
                             job.target_scale(), rows->examples().weights);
}

bool has_hidden_layers(const PreparedJob& job) {
  return nn::first_with(job.model.spec.hidden, &nn::LayerRecord::hidden) != nullptr;
}

}  // namespace

Scores constant_scores(const PreparedJob& job) {
  Network network = without_hidden_layers(job);
  std::vector<double> bias = constant_outputs(job);
  for (double& value : bias) value = inverse(job.model.network.options().output, value);
  network.set_parameter("output.bias", Tensor::from<double>(Shape{static_cast<std::int64_t>(bias.size())}, bias));
  return score(network, job);
}

Baselines baselines(const PreparedJob& job, const Scores& network) {
  if (!has_hidden_layers(job)) return {constant_scores(job), network, {}};
  Baselines result{constant_scores(job), {}};
  StopReason stopped{};
  if (const std::optional<Network> linear = linear_network(job, stopped)) {
    result.linear = score(*linear, job);
    result.comparison = compare(job, *linear);
  }
  result.interrupted = stopped == StopReason::interrupted;
  return result;
}

}  // namespace hillock
