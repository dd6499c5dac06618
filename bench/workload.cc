// The table of workloads, with the network, rows and options of each.
#include "bench/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace hillock::bench {
namespace {

using nn::Activation;
using nn::LossKind;

// A linear congruential generator (Numerical Recipes 1992, ranqd1), which makes millions of rows quickly.
class QuickNumbers {
 public:
  double uniform() {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 8) * 0x1p-24;
  }

 private:
  std::uint32_t state_ = 1;
};

}  // namespace

std::int64_t Workload::parameters() const {
  std::int64_t count = 0;
  for (std::size_t k = 0; k + 1 < widths.size(); ++k) count += (widths[k] + 1) * widths[k + 1];
  return count;
}

double Workload::flops() const {
  std::int64_t products = 0;  // of `batch` rows with a matrix: forward, gradient of the weights, gradient of the input
  for (std::size_t k = 0; k + 1 < widths.size(); ++k) products += (k == 0 ? 2 : 3) * widths[k] * widths[k + 1];
  return 2.0 * static_cast<double>(batch * products);
}

double Workload::bytes(std::string_view optimizer) const {
  return optimizer == "adam" && adam_in_memory ? 20.0 * static_cast<double>(parameters()) : 0.0;
}

double Workload::floor_seconds(std::string_view optimizer, const MachineLimits& limits) const {
  if (latency_seconds > 0) return latency_seconds;
  const double arithmetic = flops() / limits.f32_flops_per_second, memory = bytes(optimizer);
  return arithmetic + (memory > 0 ? memory / limits.memory_bytes_per_second : 0);
}

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{
      {.name = "W1",
       .widths = {2, 4, 1},
       .hidden = Activation::sigmoid,
       .loss = LossKind::mse,
       .batch = 4,
       .rows = 4,
       .sgd_rate = 1.0,
       .latency_seconds = 61e-9},  // that of a step written by hand for these four rows, all in registers
      {.name = "W2", .widths = {64, 32, 10}, .batch = 32, .rows = 1792, .optimizers = {"sgd", "adam"}},
      {.name = "W3",
       .widths = {784, 30, 10},
       .hidden = Activation::sigmoid,
       .loss = LossKind::mse,
       .batch = 10,
       .rows = 50000,
       .sgd_rate = 3.0},
      {.name = "W4", .widths = {784, 128, 10}, .batch = 128, .rows = 59904, .optimizers = {"sgd", "adam"}},
      {.name = "W5",
       .widths = {784, 1024, 1024, 10},
       .batch = 256,
       .rows = 2560,
       .optimizers = {"sgd", "adam"},
       .adam_in_memory = true},
      {.name = "W8",
       .widths = {30, 64, 64, 1},
       .loss = LossKind::logistic,
       .batch = 64,
       .rows = 99968,
       .optimizers = {"adam"}},
  };
  return all;
}

const Workload& find_workload(std::string_view name) {
  std::string upper(name);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string known;
  for (const Workload& workload : workloads()) {
    if (workload.name == upper) return workload;
    known += (known.empty() ? "" : ", ") + workload.name;
  }
  throw Error(fmt::format("workloads: there is no {}; there are {}", name, known));
}

Data make_data(const Workload& workload) {
  const std::int64_t outputs = workload.widths.back();
  if (workload.name == "W1") {
    return {Tensor::from<float>({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1}), Tensor::from<float>({4, 1}, {0, 1, 1, 0})};
  }
  QuickNumbers numbers;
  Data data;
  data.features = Tensor(TensorType{DType::f32, {workload.rows, workload.widths.front()}, {}});
  for (float& value : data.features.values<float>()) value = static_cast<float>(numbers.uniform());
  const std::int64_t classes = std::max<std::int64_t>(outputs, 2);
  const bool one_hot = workload.loss == LossKind::mse;
  data.targets = one_hot ? Tensor(TensorType{DType::f32, {workload.rows, outputs}, {}})
                         : Tensor(TensorType{DType::i32, {workload.rows}, IntegerRange{0, classes}});
  for (std::int64_t row = 0; row < workload.rows; ++row) {
    const auto label = static_cast<std::int64_t>(numbers.uniform() * static_cast<double>(classes));
    if (one_hot) {
      data.targets.set(row * outputs + label, 1);
    } else {
      data.targets.set(row, static_cast<double>(label));
    }
  }
  return data;
}

Network make_network(const Workload& workload) {
  std::vector<nn::Layer> layers;
  for (std::size_t k = 1; k + 1 < workload.widths.size(); ++k)
    layers.push_back(nn::dense(workload.widths[k], {.activation = workload.hidden}));
  layers.push_back(nn::dense(workload.widths.back(), {.name = "output"}));
  Network network({.layer = nn::sequential(layers),
                   .input = {workload.widths.front()},
                   .output = nn::required_output(workload.loss).value_or(Activation::sigmoid)});
  network.initialize(/*seed=*/1);
  return network;
}

TrainOptions make_options(const Workload& workload, std::string_view optimizer, int threads) {
  return {.step = {.loss = nn::loss(workload.loss),
                   .optimizer = optimizer_from_name(optimizer),
                   .session = {.threads = threads}},
          .batch_size = workload.batch,
          .rate = optimizer == "adam" ? 1e-3 : workload.sgd_rate,
          .shuffle = false};
}

}  // namespace hillock::bench
