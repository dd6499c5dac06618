// Evaluating block by block gives the same bits as evaluating all rows at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/ops.h"
#include "hillock/rows.h"
#include "train/evaluator.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

struct Rows {
  Rows(std::int64_t rows, std::int64_t outputs, DType dtype, bool numbers, bool weighted) {
    PhiloxStream random(3, "rows", static_cast<std::uint64_t>(rows));
    features = Tensor(TensorType{dtype, {rows, 4}, {}});
    for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, random.normal());
    const std::int64_t classes = std::max<std::int64_t>(outputs, 2);
    targets = numbers ? Tensor(TensorType{dtype, {rows, outputs}, {}})
                      : Tensor(TensorType{DType::i32, {rows}, IntegerRange{0, classes}});
    for (std::int64_t i = 0; i < targets.elements(); ++i)
      targets.set(i, numbers ? random.normal() : static_cast<double>(i * i % classes));
    if (!weighted) return;
    weights = Tensor(TensorType{dtype, {rows}, {}});
    for (std::int64_t r = 0; r < rows; ++r) weights.set(r, 0.5 + static_cast<double>(r % 7));
  }
  MemoryRows source() const { return MemoryRows({.features = features, .targets = targets, .weights = weights}); }
  Tensor features, targets, weights;
};

Network network_of(nn::LossKind kind, std::int64_t outputs, DType dtype) {
  const auto output = nn::required_output(kind).value_or(nn::Activation::tanh);
  Network network({.layer = nn::dense(outputs, {.name = "output"}), .input = {4}, .output = output, .dtype = dtype});
  network.initialize(5);
  return network;
}

// The bits of the loss and of all predictions.
std::string bits_of(RowJudge& judge) {
  std::string bits;
  const double loss = judge.run([&](const TensorView& predictions, const TensorView&) {
    bits.append(static_cast<const char*>(predictions.raw()), predictions.bytes());
  });
  bits.append(reinterpret_cast<const char*>(&loss), sizeof loss);
  return bits;
}

class JudgeByBlock : public ::testing::TestWithParam<std::tuple<nn::LossKind, DType, bool>> {};

TEST_P(JudgeByBlock, GivesTheBitsOfAllRowsAtOnce) {
  const auto [kind, dtype, weighted] = GetParam();
  const bool classes = nn::required_output(kind).has_value();
  for (const std::int64_t outputs : {1, 3}) {
    if (kind == nn::LossKind::cross_entropy && outputs == 1) continue;
    const Network network = network_of(kind, outputs, dtype);
    const nn::Loss loss = nn::loss(kind);
    ASSERT_NE(loss.by_row(), nullptr);
    for (const std::int64_t rows : {1, 2, 17, 255, 256, 257, 4096, 4097, 5000}) {
      const Rows data(rows, outputs, dtype, !classes, weighted);
      const MemoryRows source = data.source();
      const std::optional<Tensor> normalized = normalized_weights(source);
      const Tensor* const weights = normalized ? &*normalized : nullptr;
      const auto by_block = judge_by_block(network, loss, source, weights, {});
      const auto at_once = judge_at_once(network, loss, source, weights, {});
      EXPECT_TRUE(bits_of(*by_block) == bits_of(*at_once)) << rows << " rows, " << outputs << " outputs";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, JudgeByBlock,
                         ::testing::Combine(::testing::Values(nn::LossKind::mse, nn::LossKind::sse, nn::LossKind::mae,
                                                              nn::LossKind::huber, nn::LossKind::quantile,
                                                              nn::LossKind::logistic, nn::LossKind::cross_entropy,
                                                              nn::LossKind::hinge),
                                            ::testing::Values(DType::f32, DType::f64), ::testing::Bool()));

// A user's loss of all rows at once is evaluated at once, and gives the same as a RowLoss that computes the same.
TEST(JudgeByBlock, IsForLossesByRow) {
  const nn::Loss at_once = [](Graph& graph, const nn::Output& out, Value targets) {
    return ops::mean(graph, ops::abs(graph, ops::subtract(graph, out.prediction, targets)));
  };
  const nn::Loss by_row(nn::RowLoss{.terms = [](Graph& graph, const nn::Output& out, Value targets) {
    return ops::abs(graph, ops::subtract(graph, out.prediction, targets));
  }});
  EXPECT_EQ(at_once.by_row(), nullptr);
  const Network network = network_of(nn::LossKind::mae, 2, DType::f32);
  const Rows data(1000, 2, DType::f32, true, false);
  const MemoryRows source = data.source();
  const Metrics ours = evaluate(network, at_once, source), theirs = evaluate(network, by_row, source);
  EXPECT_EQ(ours.loss, theirs.loss);
  EXPECT_EQ(ours.rmse, theirs.rmse);
  EXPECT_EQ(ours.error_quantiles, theirs.error_quantiles);
}

TEST(JudgeByBlock, RefusesTermsThatAreNotOfRows) {
  const nn::Loss loss(nn::RowLoss{.terms = [](Graph& graph, const nn::Output& out, Value targets) {
    return ops::mean(graph, ops::subtract(graph, out.prediction, targets));
  }});
  const Network network = network_of(nn::LossKind::mae, 2, DType::f32);
  const Rows data(300, 2, DType::f32, true, false);
  const MemoryRows source = data.source();
  EXPECT_THROW(evaluate(network, loss, source), Error);
  EXPECT_THROW(nn::Loss(nn::RowLoss{}), Error);
}

}  // namespace
}  // namespace hillock
