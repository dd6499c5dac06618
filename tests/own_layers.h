// Layers that the tests define, and rows to train them on.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "hillock/nn.h"
#include "hillock/ops.h"
#include "hillock/train.h"
#include "tests/golden.h"

namespace hillock::testing {

// Subtracts a running mean from its input [batch, features]. In training the mean moves a quarter of the way to that of
// the batch; the mean before the step is subtracted. Also counts its steps, in f64.
inline nn::Layer centre() {
  return [](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("centre");
    const Shape features{graph.type(in).shape[1]};
    const Value mean = scope.statistic(name + ".mean", features, {.combine = nn::Combine::weighted_mean});
    const Value steps =
        scope.statistic(name + ".steps", {1}, {.first = 3, .combine = nn::Combine::max, .dtype = DType::f64});
    const Value far = ops::subtract(graph, ops::mean(graph, in, {0}), mean);
    scope.update_statistic(name + ".mean", ops::add(graph, mean, ops::multiply(graph, far, 0.25)));
    scope.update_statistic(name + ".steps", ops::add(graph, steps, 1.0));
    return ops::subtract(graph, in, mean);
  };
}

// Scales its input to mean 0 and deviation 1 over the training rows, which it is fitted to before the first step.
inline nn::Layer standardize() {
  return [](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("standardize");
    const Shape features{graph.type(in).shape[1]};
    const Value mean = scope.statistic(name + ".mean", features);
    const Value factor = scope.statistic(name + ".factor", features, {.first = 1});
    const Value far = ops::subtract(graph, in, mean);
    scope.fit(name + ".mean", in, {});
    scope.fit(name + ".factor", ops::multiply(graph, far, far),
              {.take = [](std::span<const double> squares, std::span<double> value) {
                for (std::size_t i = 0; i < value.size(); ++i) value[i] = 1 / std::sqrt(squares[i]);
              }});
    return ops::multiply(graph, far, factor);
  };
}

struct Rows {
  Tensor features, targets, weights;
  bool weighted = false;
  Examples examples() const { return {&features, &targets, weighted ? &weights : nullptr}; }
};

// `inputs` numbers around 2, and a target that is not linear in them.
inline Rows some_rows(std::int64_t rows, std::int64_t inputs, std::uint64_t stream, DType dtype = DType::f32) {
  Rows data{Tensor(TensorType{dtype, {rows, inputs}, {}}), Tensor(TensorType{dtype, {rows, 1}, {}}),
            Tensor(TensorType{dtype, {rows}, {}})};
  for (std::int64_t row = 0; row < rows; ++row) {
    double product = 1;
    for (std::int64_t c = 0; c < inputs; ++c) {
      const double x = 2 * golden_uniform(stream, static_cast<std::uint64_t>(row * inputs + c));
      data.features.set(row * inputs + c, 1 + x);
      product *= x;
    }
    data.targets.set(row, product);
    data.weights.set(row, 0.25 + golden_uniform(stream + 1, static_cast<std::uint64_t>(row)));
  }
  return data;
}

inline TrainOptions options(Optimizer optimizer = sgd(), std::int64_t epochs = 3) {
  return {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = std::move(optimizer)},
          .epochs = epochs,
          .batch_size = 4,
          .rate = 0.01,
          .seed = 3};
}

inline std::string bits(const Tensor& tensor) {
  return std::string(static_cast<const char*>(tensor.raw()), tensor.bytes());
}
// The bits of everything that a network has learned.
inline std::string bits(const Network& network) {
  std::string all;
  for (const std::string& name : network.store().names(kLearnt)) all += bits(network.store().get(name));
  return all;
}

}  // namespace hillock::testing
