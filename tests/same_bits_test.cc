// Training gives the same bits every time, whatever the threads, repetitions, other work on the machine, fusion and
// compiler. The digests in golden/same_bits.json are those of every build.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "cpu/instruction_set.h"
#include "hillock/train.h"
#include "tests/golden.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

struct Case {
  std::string name;
  std::vector<std::int64_t> widths;
  std::int64_t batch;
  std::int64_t rows;  // not a multiple of the batch, so that the last batch is smaller
  std::int64_t steps;
  nn::Activation hidden;
  nn::Activation output;
  nn::LossKind loss;
  std::string optimizer;
  double dropout;
  DType dtype = DType::f32;
};

// The shapes of the workloads in docs/performance.md, W5's a quarter as wide; each optimizer, with and without dropout.
std::vector<Case> cases() {
  using nn::Activation;
  using nn::LossKind;
  return {
      {"w1", {2, 4, 1}, 4, 4, 200, Activation::sigmoid, Activation::sigmoid, LossKind::mse, "sgd", 0},
      {"w1_f64", {2, 4, 1}, 4, 4, 200, Activation::tanh, Activation::sigmoid, LossKind::sse, "momentum", 0, DType::f64},
      {"w2_sgd", {64, 32, 10}, 32, 211, 200, Activation::relu, Activation::softmax, LossKind::cross_entropy, "sgd", 0},
      {"w2_adam",
       {64, 32, 10},
       32,
       211,
       200,
       Activation::relu,
       Activation::softmax,
       LossKind::cross_entropy,
       "adam",
       0.2},
      {"w2_f64",
       {64, 32, 10},
       32,
       211,
       200,
       Activation::tanh,
       Activation::softmax,
       LossKind::cross_entropy,
       "adamw",
       0.2,
       DType::f64},
      {"w3", {784, 30, 10}, 10, 57, 200, Activation::sigmoid, Activation::sigmoid, LossKind::mse, "nesterov", 0},
      {"w4_adam",
       {784, 128, 10},
       128,
       300,
       200,
       Activation::relu,
       Activation::softmax,
       LossKind::cross_entropy,
       "adam",
       0.1},
      {"w4_sgd",
       {784, 128, 10},
       128,
       300,
       200,
       Activation::relu,
       Activation::softmax,
       LossKind::cross_entropy,
       "momentum",
       0},
      {"w5",
       {784, 256, 256, 10},
       256,
       600,
       30,
       Activation::relu,
       Activation::softmax,
       LossKind::cross_entropy,
       "adamw",
       0.1},
      {"w8", {30, 64, 64, 1}, 64, 455, 200, Activation::relu, Activation::sigmoid, LossKind::logistic, "adam", 0.1},
  };
}

struct How {
  SessionOptions session{};
  bool fuse = true;
  std::optional<bool> gather_ahead{};
};

// All parameters after the case's steps.
std::vector<std::byte> train(const Case& c, const How& how) {
  std::vector<nn::Layer> layers;
  for (std::size_t k = 1; k + 1 < c.widths.size(); ++k) {
    layers.push_back(nn::dense(c.widths[k], {.activation = c.hidden}));
    if (c.dropout > 0) layers.push_back(nn::dropout(c.dropout));
  }
  layers.push_back(nn::dense(c.widths.back(), {.name = "output"}));
  Network network({.layer = nn::sequential(layers), .input = {c.widths.front()}, .output = c.output, .dtype = c.dtype});
  network.initialize(11);

  Tensor features(TensorType{c.dtype, {c.rows, c.widths.front()}, {}});
  for (std::int64_t i = 0; i < features.elements(); ++i)
    features.set(i, golden_uniform(1, static_cast<std::uint64_t>(i)));
  const std::int64_t classes = c.loss == nn::LossKind::logistic ? 2 : c.widths.back();
  const bool labels = c.loss == nn::LossKind::logistic || c.loss == nn::LossKind::cross_entropy;
  Tensor targets(labels ? TensorType{DType::i32, {c.rows}, IntegerRange{0, classes}}
                        : TensorType{c.dtype, {c.rows, c.widths.back()}, {}});
  for (std::int64_t i = 0; i < targets.elements(); ++i) {
    const double u = golden_uniform(2, static_cast<std::uint64_t>(i));
    targets.set(i, labels ? std::floor(u * static_cast<double>(classes)) : u);
  }

  const std::int64_t steps_in_epoch = (c.rows + c.batch - 1) / c.batch;
  std::int64_t steps = 0;
  TrainOptions options{.step = {.loss = nn::loss(c.loss),
                                .optimizer = optimizer_from_name(c.optimizer, {.weight_decay = 1e-3}),
                                .clip_norm = c.optimizer == "adamw" ? 0.5 : 0.0,
                                .fuse = how.fuse,
                                .session = how.session},
                       .epochs = c.steps / steps_in_epoch,
                       .batch_size = c.batch,
                       .rate = 0.01,
                       .seed = 3};
  options.gather_ahead = how.gather_ahead;
  options.on_step = [&](const StepReport&) { ++steps; };
  const TrainResult result = Trainer(network, options).fit({&features, &targets});
  EXPECT_EQ(result.stopped, StopReason::epochs) << c.name << ": " << result.explanation;
  EXPECT_EQ(steps, options.epochs * steps_in_epoch);

  const Tensor& parameters = network.parameters();
  const auto* data = static_cast<const std::byte*>(parameters.raw());
  return {data, data + parameters.bytes()};
}

// SHA-256, computed by a tool that every system has.
std::string digest(const std::vector<std::byte>& bytes) {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "parameters").string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::FILE* tool = popen(("sha256sum '" + path + "'").c_str(), "r");
  if (tool == nullptr) return "";
  std::string answer(64, ' ');
  if (std::fread(answer.data(), 1, answer.size(), tool) != answer.size()) answer.clear();
  pclose(tool);
  return answer;
}

class SameBits : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override { expected_ = train(case_, {}); }
  const Case case_ = cases()[GetParam()];
  std::vector<std::byte> expected_;
};

TEST_P(SameBits, AreThoseOfEveryBuild) {
  const nlohmann::json recorded = read_golden("same_bits.json");
  EXPECT_EQ(digest(expected_), recorded.value(case_.name, "")) << case_.name;
}

TEST_P(SameBits, OnAnyNumberOfThreads) {
  for (int threads : {1, 2, 3, 4, 8}) {
    EXPECT_TRUE(train(case_, {.session = {.threads = threads, .force_threads = true}}) == expected_)
        << case_.name << ", " << threads << " threads";
  }
}

TEST_P(SameBits, OnEveryInstructionSet) {
  const cpu::InstructionSet before = cpu::chosen_instruction_set();
  for (cpu::InstructionSet target : cpu::supported_instruction_sets()) {
    cpu::choose_instruction_set(target);
    EXPECT_TRUE(train(case_, {}) == expected_) << case_.name << ", " << cpu::name(target);
    EXPECT_TRUE(train(case_, {.session = {.threads = 3, .force_threads = true}, .fuse = false}) == expected_)
        << case_.name << ", " << cpu::name(target) << ", three threads, unfused";
  }
  cpu::choose_instruction_set(before);
}

TEST_P(SameBits, FusedAndUnfusedGatheredAheadOrNot) {
  EXPECT_TRUE(train(case_, {.fuse = false}) == expected_) << case_.name;
  EXPECT_TRUE(train(case_, {.gather_ahead = true}) == expected_) << case_.name;
  EXPECT_TRUE(train(case_, {.gather_ahead = false}) == expected_) << case_.name;
}

TEST_P(SameBits, WhileOthersWantTheProcessors) {
  std::atomic<bool> done = false;
  std::vector<std::jthread> others;
  for (unsigned k = 0; k < std::thread::hardware_concurrency(); ++k) {
    others.emplace_back([&] {
      while (!done.load(std::memory_order_relaxed)) {
      }
    });
  }
  for (int repeat = 0; repeat < 2; ++repeat) {
    EXPECT_TRUE(train(case_, {.session = {.threads = 2, .force_threads = true}, .gather_ahead = true}) == expected_)
        << case_.name;
  }
  done = true;
}

std::string case_name(const ::testing::TestParamInfo<std::size_t>& info) { return cases()[info.param].name; }

INSTANTIATE_TEST_SUITE_P(Workloads, SameBits, ::testing::Range<std::size_t>(0, cases().size()), case_name);

TEST(SamePrediction, OfARowAloneAndInAnyBatch) {
  Network network({.layer = nn::sequential({nn::dense(33, {.activation = nn::Activation::tanh}),
                                            nn::dense(17, {.activation = nn::Activation::relu}),
                                            nn::dense(10, {.name = "output"})}),
                   .input = {65},
                   .output = nn::Activation::softmax});
  network.initialize(4);
  Tensor rows(TensorType{DType::f32, {41, 65}, {}});
  for (std::int64_t i = 0; i < rows.elements(); ++i)
    rows.set(i, golden_uniform(5, static_cast<std::uint64_t>(i)) - 0.5);
  const std::size_t row_bytes = 10 * sizeof(float);
  const Tensor all = predict(network, rows);
  for (std::int64_t count : {1, 2, 3, 5, 6, 7, 8, 12, 40}) {
    for (std::int64_t first = 0; first + count <= 41; first += count) {
      Tensor some(TensorType{DType::f32, {count, 65}, {}});
      std::memcpy(some.raw(), static_cast<const std::byte*>(rows.raw()) + static_cast<std::size_t>(first) * 65 * 4,
                  some.bytes());
      const Tensor got = predict(network, some);
      EXPECT_EQ(
          std::memcmp(got.raw(), static_cast<const std::byte*>(all.raw()) + static_cast<std::size_t>(first) * row_bytes,
                      got.bytes()),
          0)
          << count << " rows from " << first;
    }
  }
}

}  // namespace
}  // namespace hillock::testing
