// Huber, quantile and hinge losses, compared with PyTorch's figures (scripts/make_menu_oracles.py) and with finite
// differences; losses by name.
#include <gtest/gtest.h>

#include <cmath>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/train.h"
#include "tests/golden.h"
#include "tests/graph_function.h"

namespace hillock {
namespace {

using testing::GraphFunction;
using testing::matrix_of;

nn::Loss named(const std::string& text) {
  const nn::NamedLoss loss = nn::named_loss(text);
  return nn::loss(loss.kind, {.parameter = loss.parameter});
}

// Makes `targets` constants of the graph.
Value constants(Graph& graph, const Tensor& targets) {
  std::vector<Value> parts;
  for (std::int64_t i = 0; i < targets.elements(); ++i)
    parts.push_back(ops::constant(graph, DType::f64, {1}, targets.at(i)));
  return ops::reshape(graph, ops::concat(graph, parts), targets.shape());
}

void expect_pytorchs(const std::string& text, const nlohmann::json& figures, const Tensor& at, const Tensor& targets) {
  GraphFunction function(at, [&](Graph& graph, Value x) {
    return named(text)(graph, {x, x}, constants(graph, targets));
  });
  // The 24 terms are added in another order.
  EXPECT_NEAR(function.value() / figures["value"].get<double>(), 1, 1e-14) << text;
  const std::vector<double> slopes = function.gradient(), differences = function.differences();
  const Tensor expected = matrix_of(figures["slope"]);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    EXPECT_NEAR(slopes[i], expected.at(static_cast<std::int64_t>(i)), 1e-16) << text << " " << i;
    EXPECT_NEAR(slopes[i], differences[i], 1e-10) << text << " " << i;
  }
}

TEST(NamedLoss, OfNumbersIsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["losses"];
  for (const char* text : {"huber 1", "huber 0.5", "quantile 0.5", "quantile 0.9"})
    expect_pytorchs(text, golden[text], matrix_of(golden["p"]), matrix_of(golden["t"]));
}

TEST(NamedLoss, HingeOfSeveralClassesIsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["losses"];
  Tensor one_hot(TensorType{DType::f64, {6, 4}, {}});
  for (std::size_t r = 0; r < 6; ++r)
    one_hot.set(static_cast<std::int64_t>(4 * r) + golden["labels"][r].get<std::int64_t>(), 1);
  expect_pytorchs("hinge", golden["hinge"], matrix_of(golden["p"]), one_hot);
}

TEST(NamedLoss, HingeOfTwoClassesIsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["losses"];
  Tensor at(TensorType{DType::f64, {6, 1}, {}}), targets = at;
  for (std::size_t r = 0; r < 6; ++r) {
    at.set(static_cast<std::int64_t>(r), golden["p"][r][0].get<double>());
    targets.set(static_cast<std::int64_t>(r), golden["signs"][r].get<double>() > 0 ? 1 : 0);
  }
  expect_pytorchs("hinge", golden["hinge of two"], at, targets);
}

// The constant that minimizes the loss is the quantile.
TEST(NamedLoss, QuantileIsLeastAtTheQuantile) {
  Tensor targets(TensorType{DType::f64, {101, 1}, {}});
  for (std::int64_t i = 0; i <= 100; ++i) targets.set(i, static_cast<double>(i * i));
  const auto loss_at = [&](double prediction) {
    return GraphFunction(Tensor::from<double>({1, 1}, {prediction}),
                         [&](Graph& graph, Value x) {
                           const Value p = ops::broadcast(graph, x, {101, 1});
                           return named("quantile 0.9")(graph, {p, p}, constants(graph, targets));
                         })
        .value();
  };
  EXPECT_LT(loss_at(8100), loss_at(8000));
  EXPECT_LT(loss_at(8100), loss_at(8200));
}

TEST(NamedLoss, ReadsWhatItWrites) {
  for (const char* text :
       {"mse", "sse", "mae", "huber 1", "huber 0.25", "quantile 0.9", "logistic", "cross-entropy", "hinge"})
    EXPECT_EQ(nn::to_string(nn::named_loss(text)), text);
  EXPECT_EQ(nn::named_loss("huber").parameter, 1);
  EXPECT_EQ(nn::named_loss("quantile").parameter, 0.5);
  EXPECT_EQ(nn::named_loss("huber   2").parameter, 2);
  EXPECT_EQ(nn::losses().size(), 8u);
}

TEST(NamedLoss, RefusesWithOneLine) {
  const auto message = [](const char* text) {
    try {
      nn::named_loss(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message("huber x"),
            "loss: after \"huber\" stands \"x\" where a number belongs; correct it or leave it out");
  EXPECT_EQ(message("huber inf"),
            "loss: after \"huber\" stands \"inf\" where a number belongs; correct it or leave it out");
  EXPECT_EQ(message("huber 0"), "loss: huber 0 is out of range; give a number above 0");
  EXPECT_EQ(message("quantile 1"), "loss: quantile 1 is out of range; give a number above 0 and below 1");
  EXPECT_EQ(message("mse 2"), "loss: \"mse\" takes no number; leave out the rest");
  EXPECT_EQ(message("huber 1 2"), "loss: \"huber\" takes one number; leave out the rest");
  EXPECT_NE(message("hubr 1").find("did you mean \"huber\"?"), std::string::npos);
  EXPECT_THROW(nn::loss(nn::LossKind::huber, {.parameter = -1}), Error);
}

TEST(Loss, SaysWhetherItGivesMargins) {
  nn::Loss hinge = nn::loss(nn::LossKind::hinge);
  const nn::Loss copy = hinge, mse = nn::loss(nn::LossKind::mse);
  nn::Loss own = [](Graph& graph, const nn::Output& out, Value) { return ops::sum(graph, out.prediction); };
  EXPECT_TRUE(copy.margins());
  EXPECT_FALSE(mse.margins());
  EXPECT_FALSE(own.margins());
  EXPECT_FALSE(nn::Loss());
  own = hinge;
  EXPECT_TRUE(own.margins());
}

TEST(Metrics, OfMarginsDecideAtZeroAndHaveNoLogLoss) {
  const Tensor margins = Tensor::from<double>({4, 1}, {-0.2, 0.3, 0.1, -5});
  Tensor labels(TensorType{DType::i32, {4}, IntegerRange{0, 2}});
  labels.set(1, 1);
  const Metrics metrics = classification_metrics(margins, labels, nullptr, /*margins=*/true);
  EXPECT_EQ(metrics.accuracy, 0.75);
  EXPECT_TRUE(std::isnan(metrics.log_loss));
  EXPECT_EQ(metrics.auc, 1);
}

}  // namespace
}  // namespace hillock
