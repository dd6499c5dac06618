// Every loss with weights: PyTorch's figures, finite differences, and that a weight acts like that many copies of a
// row.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "hillock/grad.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "hillock/plan.h"
#include "tests/golden.h"

namespace hillock {
namespace {

constexpr std::int64_t kOutputs = 4;

struct Rows {
  std::vector<double> logits;        // [rows, kOutputs]
  std::vector<std::int64_t> labels;  // [rows]
  std::vector<double> weights;       // [rows], or empty
  std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
};

Rows random_rows(std::int64_t count, std::uint64_t stream) {
  Rows rows;
  for (std::int64_t i = 0; i < count * kOutputs; ++i)
    rows.logits.push_back(4 * golden_uniform(stream, static_cast<std::uint64_t>(i)) - 2);
  for (std::int64_t r = 0; r < count; ++r)
    rows.labels.push_back(
        static_cast<std::int64_t>(kOutputs * golden_uniform(stream + 1, static_cast<std::uint64_t>(r))));
  return rows;
}

struct Lost {
  double loss = 0;
  std::vector<double> gradient;  // with respect to the logits
};

Lost lose(nn::LossKind kind, const Rows& rows) {
  Graph graph;
  const TensorType type{DType::f64, {rows.count(), kOutputs}, {}};
  Tensor targets(type);
  for (std::int64_t r = 0; r < rows.count(); ++r)
    targets.set(r * kOutputs + rows.labels[static_cast<std::size_t>(r)], 1);
  nn::Output out;
  out.logits = graph.input("logits", type);
  out.prediction = nn::activate(graph, out.logits, nn::required_output(kind).value_or(nn::Activation::sigmoid));
  const Value wanted = graph.input("targets", type);
  const Tensor logits = Tensor::from<double>(type.shape, std::span<const double>(rows.logits));
  Tensor weights;
  if (!rows.weights.empty()) {
    weights = Tensor::from<double>({rows.count()}, std::span<const double>(rows.weights));
    out.weights = graph.input("weights", weights.type());
  }
  const Value loss = nn::loss(kind)(graph, out, wanted);
  const std::vector<Value> of{out.logits};
  const Plan plan(graph, {.outputs = {loss, gradients(graph, loss, of)[0]}});
  Store nothing;
  Session session(plan, nothing);
  session.bind("logits", logits);
  session.bind("targets", targets);
  if (out.weights) session.bind("weights", weights);
  session.run();
  const auto gradient = session.output_values<double>(1);
  return {session.scalar(0), {gradient.begin(), gradient.end()}};
}

// Row `from` of `rows` alone, without a weight.
Rows one_row(const Rows& rows, std::int64_t from) {
  const auto first = rows.logits.begin() + from * kOutputs;
  return {{first, first + kOutputs}, {rows.labels[static_cast<std::size_t>(from)]}, {}};
}

void append(Rows& to, const Rows& more) {
  to.logits.insert(to.logits.end(), more.logits.begin(), more.logits.end());
  to.labels.insert(to.labels.end(), more.labels.begin(), more.labels.end());
}

// All losses, so that a new one is tested as well.
std::vector<nn::LossKind> all_losses() {
  std::vector<nn::LossKind> kinds;
  for (const nn::NameAndSummary& item : nn::losses()) kinds.push_back(nn::loss_from_name(item.name));
  return kinds;
}

class WeightedLoss : public testing::TestWithParam<nn::LossKind> {
 protected:
  bool sums() const { return GetParam() == nn::LossKind::sse; }
};

// The unweighted losses are tested elsewhere; a batch of one row gives the loss of that row.
TEST_P(WeightedLoss, IsTheMeanOverRowsOfWeightTimesLoss) {
  Rows rows = random_rows(7, 11);
  rows.weights = {1, 0.25, 3, 0, 2.5, 1e-3, 40};
  double expected = 0;
  std::vector<double> gradient;
  const double share = sums() ? 1 : 1 / static_cast<double>(rows.count());
  for (std::int64_t r = 0; r < rows.count(); ++r) {
    const Lost row = lose(GetParam(), one_row(rows, r));
    const double weight = rows.weights[static_cast<std::size_t>(r)] * share;
    expected += weight * row.loss;
    for (const double slope : row.gradient) gradient.push_back(weight * slope);
  }
  const Lost actual = lose(GetParam(), rows);
  // A few dozen operations are done in another order.
  EXPECT_NEAR(actual.loss / expected, 1, 1e-13);
  for (std::size_t i = 0; i < gradient.size(); ++i)
    EXPECT_NEAR(actual.gradient[i], gradient[i], 1e-13 * std::abs(gradient[i])) << i;
}

TEST_P(WeightedLoss, WholeWeightsAreRepeatedRows) {
  Rows rows = random_rows(5, 23);
  rows.weights = {2, 1, 0, 5, 3};
  Rows repeated;
  for (std::int64_t r = 0; r < rows.count(); ++r) {
    for (int k = 0; k < rows.weights[static_cast<std::size_t>(r)]; ++k) append(repeated, one_row(rows, r));
  }
  ASSERT_EQ(repeated.count(), 11);
  const double factor = sums() ? 1 : 11.0 / 5;
  EXPECT_NEAR(lose(GetParam(), rows).loss, factor * lose(GetParam(), repeated).loss, 1e-13);
}

// Richardson's extrapolation of central differences at h and h/2: the errors, of order h^4 and from rounding by 2^-52 /
// h, are far below the tolerance.
TEST_P(WeightedLoss, GradientIsThatOfFiniteDifferences) {
  Rows rows = random_rows(5, 31);
  rows.weights = {2, 0.5, 0, 1.75, 3};
  const Lost at = lose(GetParam(), rows);
  const auto difference = [&](std::size_t i, double h) {
    Rows up = rows, down = rows;
    up.logits[i] += h;
    down.logits[i] -= h;
    return (lose(GetParam(), up).loss - lose(GetParam(), down).loss) / (up.logits[i] - down.logits[i]);
  };
  for (std::size_t i = 0; i < rows.logits.size(); ++i) {
    const double h = 2e-4;
    const double finite = (4 * difference(i, h / 2) - difference(i, h)) / 3;
    EXPECT_NEAR(at.gradient[i], finite, 1e-9) << i;
    if (i / kOutputs == 2) {
      EXPECT_EQ(at.gradient[i], 0) << "a row of weight 0";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, WeightedLoss, testing::ValuesIn(all_losses()), [](const auto& tested) {
  std::string name(nn::name_of(tested.param));
  for (char& letter : name) letter = letter == '-' ? '_' : letter;
  return name;
});

TEST(WeightedLossValue, IsPyTorchs) {
  const nlohmann::json golden = read_golden("weighted.json")["losses"];
  Rows rows;
  for (const auto& row : golden["logits"]) {
    for (const auto& value : row) rows.logits.push_back(value.get<double>());
  }
  rows.labels = golden["labels"].get<std::vector<std::int64_t>>();
  rows.weights = golden["weights"].get<std::vector<double>>();
  for (const auto& [name, expected] : golden["losses"].items()) {
    const Lost actual = lose(nn::loss_from_name(name), rows);
    EXPECT_NEAR(actual.loss / expected["loss"].get<double>(), 1, 1e-13) << name;
    for (std::size_t i = 0; i < rows.logits.size(); ++i) {
      const double slope = expected["gradient"][i / kOutputs][i % kOutputs].get<double>();
      // These are differences of probabilities, so errors are relative to 1, not to the result.
      EXPECT_NEAR(actual.gradient[i], slope, 1e-14) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace hillock
