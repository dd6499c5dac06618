// Whole training runs, compared with independent programs: NumPy with hand-written backpropagation, and PyTorch in f64.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "golden.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "hillock/train.h"

namespace hillock {
namespace {

// |a - b| relative to the larger of |b| and `scale`, the size of the terms that b is the sum of.
double relative_error(double a, double b, double scale = 0) {
  const double size = std::max({std::abs(b), scale, 1e-300});
  return std::abs(a - b) / size;
}

Tensor filled(DType dtype, Shape shape, const std::vector<double>& values) {
  Tensor tensor(TensorType{dtype, shape, {}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i]);
  return tensor;
}

std::vector<double> flattened(const nlohmann::json& value) {
  std::vector<double> result;
  if (value.is_array()) {
    for (const auto& item : value) {
      for (double x : flattened(item)) result.push_back(x);
    }
  } else {
    result.push_back(value.get<double>());
  }
  return result;
}

nn::Layer mlp(const std::vector<std::int64_t>& widths, nn::Activation hidden) {
  std::vector<nn::Layer> layers;
  for (std::size_t k = 1; k + 1 < widths.size(); ++k) layers.push_back(nn::dense(widths[k], {.activation = hidden}));
  layers.push_back(nn::dense(widths.back(), {.name = "output"}));
  return nn::sequential(layers);
}

// --- XOR, 2-4-1 sigmoid, against NumPy ---

void follow_numpy_on_xor(DType dtype, double tolerance) {
  const nlohmann::json golden = read_golden("xor_numpy.json");
  Network network({.layer = mlp({2, 4, 1}, nn::Activation::sigmoid),
                   .input = {2},
                   .output = nn::Activation::sigmoid,
                   .dtype = dtype});
  for (const auto& [name, value] : golden["initial"].items()) {
    network.set_parameter(name, filled(dtype, network.layout().find(name)->shape, flattened(value)));
  }
  const Tensor features = filled(dtype, {4, 2}, flattened(golden["x"]));
  const Tensor targets = filled(dtype, {4, 1}, flattened(golden["y"]));
  TrainingStep step(network, 4, targets.type(), {.loss = nn::loss(nn::LossKind::sse), .optimizer = sgd()});
  std::size_t losses = 0;
  std::size_t weights = 0;
  for (int done = 0; done <= 1000; ++done) {
    for (const auto& snapshot : golden["weights"]) {
      if (snapshot["step"] != done) continue;
      ++weights;
      for (const auto& [name, value] : snapshot["weights"].items()) {
        const std::vector<double> expected = flattened(value);
        const Tensor actual = network.parameter(name);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          EXPECT_LE(std::abs(actual.at(static_cast<std::int64_t>(i)) - expected[i]),
                    tolerance * std::max(1.0, std::abs(expected[i])))
              << name << "[" << i << "] after " << done;
        }
      }
    }
    const double loss = step.run(features, targets, done + 1, done < 1000 ? 0.1 : 0.0);
    for (const auto& pair : golden["losses"]) {
      if (pair[0] != done) continue;
      ++losses;
      EXPECT_LE(relative_error(loss, pair[1].get<double>()), tolerance) << "loss after " << done;
    }
  }
  EXPECT_EQ(losses, 21u);
  EXPECT_EQ(weights, 4u);
}

TEST(XorTrajectory, FollowsNumpyInF64) { follow_numpy_on_xor(DType::f64, 1e-12); }
TEST(XorTrajectory, FollowsNumpyInF32) { follow_numpy_on_xor(DType::f32, 1e-5); }

// --- the workloads against PyTorch ---

struct Workload {
  std::string file;
  DType dtype;
  double tolerance;
};

class WorkloadTrajectory : public testing::TestWithParam<Workload> {};

Tensor golden_features(const nlohmann::json& golden, DType dtype, std::int64_t rows, std::int64_t columns) {
  Tensor tensor(TensorType{dtype, {rows, columns}, {}});
  for (std::int64_t i = 0; i < rows * columns; ++i) tensor.set(i, golden_uniform(1, static_cast<std::uint64_t>(i)));
  if (columns == 2) return filled(dtype, {4, 2}, {0, 0, 0, 1, 1, 0, 1, 1});
  double sum = 0;
  for (std::int64_t i = 0; i < rows * columns; ++i) sum += tensor.at(i);
  EXPECT_LE(relative_error(sum, golden["x_sum"].get<double>()), dtype == DType::f64 ? 1e-10 : 1e-6);
  return tensor;
}

// One-hot rows for mse, 0 or 1 for logistic, class numbers for cross-entropy.
Tensor golden_targets(const nlohmann::json& golden, DType dtype, std::int64_t rows, std::int64_t outputs) {
  const std::string loss = golden["loss"];
  if (rows == 4) return filled(dtype, {4, 1}, {0, 1, 1, 0});
  const std::int64_t classes = loss == "logistic" ? 2 : outputs;
  Tensor labels(TensorType{DType::i32, {rows}, IntegerRange{0, classes}});
  for (std::int64_t r = 0; r < rows; ++r) {
    labels.set(r, std::floor(golden_uniform(2, static_cast<std::uint64_t>(r)) * static_cast<double>(classes)));
  }
  if (loss != "mse") return labels;
  Tensor one_hot(TensorType{dtype, {rows, outputs}, {}});
  for (std::int64_t r = 0; r < rows; ++r) one_hot.set(r * outputs + static_cast<std::int64_t>(labels.at(r)), 1);
  return one_hot;
}

void set_initial_weights(Network& network, const std::vector<std::int64_t>& widths) {
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const std::string name = l + 2 == widths.size() ? "output" : "dense" + std::to_string(l + 1);
    const double scale = 1 / std::sqrt(static_cast<double>(widths[l]));
    for (const auto& [part, stream] : {std::pair{".weight", 10 + 2 * l}, std::pair{".bias", 11 + 2 * l}}) {
      Tensor values = network.parameter(name + part);
      for (std::int64_t i = 0; i < values.elements(); ++i) {
        values.set(i, (2 * golden_uniform(stream, static_cast<std::uint64_t>(i)) - 1) * scale);
      }
      network.set_parameter(name + part, values);
    }
  }
}

nn::LossKind loss_of(const std::string& name) {
  return name == "mse" ? nn::LossKind::mse : name == "logistic" ? nn::LossKind::logistic : nn::LossKind::cross_entropy;
}

void expect_final_parameters(const Network& network, const nlohmann::json& golden, double tolerance) {
  for (const auto& [name, expected] : golden["final"].items()) {
    const Tensor actual = network.parameter(name);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (std::int64_t i = 0; i < actual.elements(); ++i) {
      sum += actual.at(i);
      squares += actual.at(i) * actual.at(i);
      largest = std::max(largest, std::abs(actual.at(i)));
    }
    EXPECT_LE(relative_error(squares, expected["sum_of_squares"].get<double>()), tolerance) << name;
    EXPECT_LE(relative_error(sum, expected["sum"].get<double>(), static_cast<double>(actual.elements()) * largest),
              tolerance)
        << name;
    for (const auto& sample : expected["samples"]) {
      EXPECT_LE(relative_error(actual.at(sample[0].get<std::int64_t>()), sample[1].get<double>(), largest), tolerance)
          << name << "[" << sample[0] << "]";
    }
  }
}

TEST_P(WorkloadTrajectory, FollowsPyTorch) {
  const nlohmann::json golden = read_golden(GetParam().file + ".json");
  const DType dtype = GetParam().dtype;
  const std::vector<std::int64_t> widths = golden["widths"];
  const std::int64_t batch = golden["batch"];
  const std::int64_t rows = golden["rows"];
  const nn::LossKind kind = loss_of(golden["loss"]);
  const nn::Activation output = nn::required_output(kind).value_or(nn::Activation::sigmoid);
  Network network({.layer = mlp(widths, nn::activation_from_name(golden["hidden_activation"].get<std::string>())),
                   .input = {widths.front()},
                   .output = output,
                   .dtype = dtype});
  set_initial_weights(network, widths);
  const Tensor features = golden_features(golden, dtype, rows, widths.front());
  const Tensor targets = golden_targets(golden, dtype, rows, widths.back());
  TensorType batch_type = targets.type();
  batch_type.shape = targets.shape().rank() == 1 ? Shape{batch} : Shape{batch, targets.shape()[1]};
  TrainingStep step(network, batch, batch_type,
                    {.loss = nn::loss(kind), .optimizer = golden["optimizer"] == "adam" ? adam() : sgd()});
  const double rate = golden["lr"];
  for (std::int64_t s = 0; s < 200; ++s) {
    const auto part = static_cast<std::size_t>(s % (rows / batch));
    const auto batch_of = [&](const Tensor& all, const TensorType& type) {
      return TensorView(static_cast<const std::byte*>(all.raw()) + part * type.bytes(), type.bytes(), type);
    };
    const TensorView x = batch_of(features, step.plan().inputs()[0].type), y = batch_of(targets, batch_type);
    const double loss = step.run(x, y, s + 1, rate);
    ASSERT_LE(relative_error(loss, golden["losses"][static_cast<std::size_t>(s)].get<double>()), GetParam().tolerance)
        << "step " << s;
  }
  if (dtype == DType::f64) expect_final_parameters(network, golden, GetParam().tolerance);
}

// 1e-9 in f64 and 1e-5 in f32, on the loss of every step; PyTorch's own f32 run stays within 3e-7 of its f64 run.
INSTANTIATE_TEST_SUITE_P(All, WorkloadTrajectory,
                         testing::Values(Workload{"w1", DType::f64, 1e-9}, Workload{"w2_sgd", DType::f64, 1e-9},
                                         Workload{"w2_adam", DType::f64, 1e-9}, Workload{"w3", DType::f64, 1e-9},
                                         Workload{"w4_sgd", DType::f64, 1e-9}, Workload{"w4_adam", DType::f64, 1e-9},
                                         Workload{"w8", DType::f64, 1e-9}, Workload{"w1", DType::f32, 1e-5},
                                         Workload{"w2_sgd", DType::f32, 1e-5}, Workload{"w2_adam", DType::f32, 1e-5},
                                         Workload{"w3", DType::f32, 1e-5}, Workload{"w4_sgd", DType::f32, 1e-5},
                                         Workload{"w4_adam", DType::f32, 1e-5}, Workload{"w8", DType::f32, 1e-5}),
                         [](const auto& test) {
                           return test.param.file + "_" + std::string(name_of(test.param.dtype));
                         });

// --- optimizers against PyTorch's, f64 ---

struct OptimizerCase {
  std::string name;
  Optimizer optimizer;
  double rate;
};

class OptimizerTrajectory : public testing::TestWithParam<OptimizerCase> {};

TEST_P(OptimizerTrajectory, FollowsPyTorch) {
  const nlohmann::json golden = read_golden("torch_optimizers.json");
  const auto initial = golden["initial"];
  Network network({.layer = mlp({2, 3, 1}, nn::Activation::sigmoid),
                   .input = {2},
                   .output = nn::Activation::sigmoid,
                   .dtype = DType::f64});
  // PyTorch stores weights as [out, in].
  Tensor weight = network.parameter("dense1.weight");
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t o = 0; o < 3; ++o)
      weight.set(i * 3 + o, initial[0][static_cast<std::size_t>(o)][static_cast<std::size_t>(i)].get<double>());
  }
  network.set_parameter("dense1.weight", weight);
  network.set_parameter("dense1.bias", filled(DType::f64, {3}, flattened(initial[1])));
  network.set_parameter("output.weight", filled(DType::f64, {3, 1}, flattened(initial[2])));
  network.set_parameter("output.bias", filled(DType::f64, {1}, flattened(initial[3])));

  const Tensor features = filled(DType::f64, {3, 2}, flattened(golden["inputs"]));
  const Tensor targets(TensorType{DType::f64, {3, 1}, {}});
  const nn::Loss sum_of_outputs = [](Graph& graph, const nn::Output& out, Value) {
    return ops::sum(graph, out.prediction);
  };
  TrainingStep step(network, 3, targets.type(), {.loss = sum_of_outputs, .optimizer = GetParam().optimizer});
  // Not 1.13's NAdam of one tensor, which counts mu_t twice in the product of the next step (mended in 2.0).
  const nlohmann::json snapshots = GetParam().name.starts_with("NAdam") ? read_golden("menus.json")[GetParam().name]
                                                                        : golden["optimizers"][GetParam().name];
  ASSERT_EQ(snapshots.size(), 6u);
  std::size_t compared = 0;
  for (std::int64_t s = 1; s <= 500; ++s) {
    step.run(features, targets, s, GetParam().rate);
    const auto found = snapshots.find(std::to_string(s));
    if (found == snapshots.end()) continue;
    ++compared;
    const std::vector<double> expected = found->get<std::vector<double>>();
    std::vector<double> actual;
    const Tensor w1 = network.parameter("dense1.weight");
    for (std::int64_t o = 0; o < 3; ++o) {
      for (std::int64_t i = 0; i < 2; ++i) actual.push_back(w1.at(i * 3 + o));
    }
    for (const char* name : {"dense1.bias", "output.weight", "output.bias"}) {
      const Tensor values = network.parameter(name);
      for (std::int64_t i = 0; i < values.elements(); ++i) actual.push_back(values.at(i));
    }
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      // Some parameters are near 0, as differences of terms of 0.1.
      EXPECT_LE(relative_error(actual[i], expected[i], 0.01), 1e-12) << "parameter " << i << " after " << s;
    }
  }
  EXPECT_EQ(compared, 6u);
}

INSTANTIATE_TEST_SUITE_P(
    All, OptimizerTrajectory,
    testing::Values(OptimizerCase{"SGD lr=0.1", sgd(), 0.1},
                    OptimizerCase{"SGD lr=0.1 wd=1e-2", sgd({.weight_decay = 1e-2}), 0.1},
                    OptimizerCase{"SGD lr=0.1 mom=0.9 wd=1e-2", sgd({.momentum = 0.9, .weight_decay = 1e-2}), 0.1},
                    OptimizerCase{"SGD lr=0.1 mom=0.9 nesterov wd=1e-6",
                                  sgd({.momentum = 0.9, .nesterov = true, .weight_decay = 1e-6}), 0.1},
                    OptimizerCase{"Adam lr=1e-2", adam(), 1e-2},
                    OptimizerCase{"Adam lr=1e-2 wd=1e-2 (L2)", adam({.weight_decay = 1e-2}), 1e-2},
                    OptimizerCase{"AdamW lr=1e-2 wd=1e-2", adam({.weight_decay = 1e-2, .decoupled = true}), 1e-2},
                    OptimizerCase{"NAdam foreach lr=1e-2", nadam(), 1e-2},
                    OptimizerCase{"Adagrad lr=1e-1", adagrad(), 1e-1},
                    OptimizerCase{"Adagrad lr=1e-1 wd=1e-6 lr_decay=1e-3",
                                  adagrad({.rate_decay = 1e-3, .weight_decay = 1e-6}), 1e-1},
                    OptimizerCase{"RMSprop lr=1e-2", rmsprop(), 1e-2},
                    OptimizerCase{"RMSprop lr=1e-2 centered mom=0.9 wd=1e-6",
                                  rmsprop({.momentum = 0.9, .centered = true, .weight_decay = 1e-6}), 1e-2}),
    [](const auto& test) {
      std::string name;
      for (char c : test.param.name) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return name;
    });

}  // namespace
}  // namespace hillock
