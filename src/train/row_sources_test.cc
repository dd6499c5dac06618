// The bits are the same whether rows come from tensors, a caller's arrays or a function; and rows that are not in
// memory are not all loaded into it.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error_testing.h"
#include "hillock/diagnosis.h"
#include "hillock/layer.h"
#include "hillock/rows.h"
#include "hillock/run.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::Rows;
using testing::some_rows;
using testing::standardize;

// The same rows in the caller's own arrays.
struct Arrays {
  explicit Arrays(const Rows& rows) : types{rows.features.type(), rows.targets.type()} {
    take(rows.features, features);
    take(rows.targets, targets);
    if (!rows.weighted) return;
    types.weights = rows.weights.type();
    take(rows.weights, weights);
  }
  static void take(const Tensor& from, std::vector<float>& to) {
    to.assign(from.values<float>().begin(), from.values<float>().end());
  }
  MemoryRows in_memory() const {
    RowsView view{.features = {features, types.features.shape}, .targets = {targets, types.targets->shape}};
    if (types.weights) view.weights = {weights, types.weights->shape};
    return MemoryRows(view);
  }
  // The same rows, generated when they are asked for.
  GeneratedRows generated() const {
    return {types, [this](std::span<const std::int64_t> numbers, const RowBuffers& out) {
              fill(features, numbers, elements_of<float>(out.features));
              fill(targets, numbers, elements_of<float>(out.targets));
              fill(weights, numbers, elements_of<float>(out.weights));
            }};
  }
  static void fill(const std::vector<float>& all, std::span<const std::int64_t> numbers, std::span<float> out) {
    const std::size_t width = out.size() / numbers.size();
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = all[static_cast<std::size_t>(numbers[i / width]) * width + i % width];
  }

  RowTypes types;
  std::vector<float> features, targets, weights;
};

struct Case {
  const char* name;
  std::int64_t batch_size = 32;  // of 300 rows, so that the last batch of an epoch is smaller
  bool weighted = false, shuffle = true, validates = false;
  Optimizer optimizer = adam();
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class RowSources : public ::testing::TestWithParam<Case> {
 protected:
  Network network() const {
    Network made({.layer = nn::sequential({standardize(), nn::dense(6, {.activation = nn::Activation::tanh}),
                                           nn::dense(1, {.name = "output"})}),
                  .input = {3}});
    made.initialize(7);
    return made;
  }
  TrainOptions options(std::optional<bool> ahead) const {
    return {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = GetParam().optimizer},
            .epochs = 12,
            .batch_size = GetParam().batch_size,
            .rate = GetParam().batch_size == 0 ? 1 : 0.05,
            .shuffle = GetParam().shuffle,
            .seed = 5,
            .patience = GetParam().validates ? 2 : 0,
            .gather_ahead = ahead};
  }
};

// The result of a training as text.
std::string told(const Network& network, const TrainResult& result) {
  const std::array<double, 3> losses{result.train_loss, result.validation_loss.value_or(0),
                                     result.best_validation_loss.value_or(0)};
  return bits(network) + std::string(reinterpret_cast<const char*>(losses.data()), sizeof losses) +
         std::to_string(result.epochs) + " " + std::to_string(result.best_epoch);
}

TEST_P(RowSources, GiveTheSameBits) {
  Rows train = some_rows(300, 3, 20), validation = some_rows(100, 3, 40);
  train.weighted = validation.weighted = GetParam().weighted;
  const Arrays train_arrays(train), validation_arrays(validation);
  Network first = network();
  std::optional<Examples> judged;
  if (GetParam().validates) judged = validation.examples();
  const TrainResult result = Trainer(first, options({})).fit(train.examples(), judged);
  const std::string expected = told(first, result);
  if (GetParam().validates) {
    EXPECT_GT(result.best_epoch, 0);
  }
  const MemoryRows memory = train_arrays.in_memory(), judged_memory = validation_arrays.in_memory();
  const GeneratedRows function = train_arrays.generated(), judged_function = validation_arrays.generated();
  const std::array<std::pair<const RowSource*, const RowSource*>, 2> sources{
      {{&memory, &judged_memory}, {&function, &judged_function}}};
  for (const auto& source : sources) {
    for (const bool ahead : {false, true}) {
      Network trained = network();
      const TrainResult again =
          Trainer(trained, options(ahead)).fit(*source.first, GetParam().validates ? source.second : nullptr);
      EXPECT_TRUE(told(trained, again) == expected) << (source.first == &memory ? "memory" : "function") << ahead;
    }
    const nn::Loss loss = nn::loss(nn::LossKind::mse);
    const Metrics ours = evaluate(first, loss, *source.first), theirs = evaluate(first, loss, train.examples());
    EXPECT_EQ(ours.loss, theirs.loss);
    EXPECT_EQ(ours.rmse, theirs.rmse);
    EXPECT_EQ(ours.r2, theirs.r2);
    EXPECT_EQ(ours.error_quantiles, theirs.error_quantiles);
    EXPECT_EQ(find_rate(first, options({}), *source.first).losses,
              find_rate(first, options({}), train.examples()).losses);
    EXPECT_EQ(find_stuck_units(first, *source.first)[0].stuck, find_stuck_units(first, train.features)[0].stuck);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RowSources,
    ::testing::Values(Case{.name = "shuffled"}, Case{.name = "in_order", .shuffle = false},
                      Case{.name = "weighted", .weighted = true, .validates = true},
                      Case{.name = "patience", .batch_size = 100, .validates = true},
                      Case{.name = "all_rows", .batch_size = 0},
                      Case{.name = "lbfgs", .batch_size = 0, .weighted = true, .optimizer = lbfgs()}),
    [](const auto& one) { return one.param.name; });

TEST(RowSource, GoesOnFromASnapshot) {
  const Rows rows = some_rows(100, 3, 20);
  const Arrays arrays(rows);
  const GeneratedRows source = arrays.generated();
  const auto made = [] {
    Network network({.layer = nn::dense(1, {.name = "output"}), .input = {3}});
    network.initialize(1);
    return network;
  };
  Network whole = made(), half = made(), rest = made();
  Trainer(whole, testing::options()).fit(source);
  TrainingRun begun(half, testing::options(), source);
  for (int k = 0; k < 37; ++k) begun.step();
  TrainingRun resumed(rest, testing::options(), source);
  resumed.restore(begun.snapshot());
  while (resumed.epoch()) continue;
  EXPECT_EQ(bits(rest), bits(whole));
}

TEST(RowSource, IsCheckedLikeExamples) {
  const Rows rows = some_rows(10, 3, 20);
  Network network({.layer = nn::dense(1, {.name = "output"}), .input = {2}});
  network.initialize(1);
  const MemoryRows source(rows.examples());
  const auto fit = [&](const RowSource& train) {
    return error_of([&] { Trainer(network, testing::options()).fit(train); });
  };
  EXPECT_EQ(fit(source), "train: the training features are f32[10, 3]; the network takes rows of f32 [2]");
  EXPECT_EQ(fit(MemoryRows(RowsView{.features = rows.features})),
            "train: the training rows are missing; pass features and targets");
}

// --- more rows than fit into memory at once ---

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HILLOCK_SANITIZED
#endif
#endif
#ifndef HILLOCK_SANITIZED

// The peak memory since the last call, in bytes.
std::size_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  std::size_t kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  std::ofstream("/proc/self/clear_refs") << 5;
  return kilobytes << 10;
}

// 5 million rows of 64 numbers, 1.28 GB. Row r holds a hash of (r, column) between -1 and 1.
constexpr std::int64_t kManyRows = 5'000'000;
constexpr std::size_t kColumns = 64;

GeneratedRows many_rows() {
  return {{.features = {DType::f32, {kManyRows, kColumns}, {}}, .targets = TensorType{DType::f32, {kManyRows, 1}, {}}},
          [](std::span<const std::int64_t> numbers, const RowBuffers& out) {
            const auto features = elements_of<float>(out.features), targets = elements_of<float>(out.targets);
            const auto number = [](std::int64_t row, std::size_t column) {
              const auto key =
                  static_cast<std::uint32_t>(row) * 2654435761u + static_cast<std::uint32_t>(column) * 40503u;
              const std::uint32_t mixed = (key ^ (key >> 15)) * 2246822519u;
              return static_cast<float>(static_cast<std::int32_t>(mixed ^ (mixed >> 13))) * 0x1p-31F;
            };
            for (std::size_t k = 0; k < numbers.size(); ++k) {
              if (!features.empty()) {
                for (std::size_t c = 0; c < kColumns; ++c) features[k * kColumns + c] = number(numbers[k], c);
              }
              if (!targets.empty()) targets[k] = number(numbers[k], 3) - number(numbers[k], 40) / 2;
            }
          }};
}

TEST(RowSource, MayHaveMoreRowsThanMemory) {
  const GeneratedRows rows = many_rows();
  Network network({.layer = nn::dense(1, {.name = "output"}), .input = {kColumns}});
  network.initialize(1);
  const nn::Loss loss = nn::loss(nn::LossKind::mse);
  peak_bytes();
  const std::size_t before = peak_bytes();
  Trainer(network, {.step = {.loss = loss, .optimizer = adam()}, .epochs = 1, .batch_size = 2000, .rate = 0.01})
      .fit(rows);
  const Metrics metrics = evaluate(network, loss, rows);
  const std::size_t held = peak_bytes() - before;
  EXPECT_EQ(metrics.rows, kManyRows);
  EXPECT_LT(metrics.loss, 1e-3);
  EXPECT_GT(metrics.r2, 0.99);
  // Two threads hold an order each, at 8 bytes per row; later the quantiles of errors need 8 bytes per row.
  EXPECT_LT(held, static_cast<std::size_t>(kManyRows) * 20 + (20u << 20));
  EXPECT_LT(held * 8, rows.types().features.bytes());
}

#endif
#endif

}  // namespace
}  // namespace hillock
