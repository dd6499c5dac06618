// Losses, activations, clipping and schedules, compared with PyTorch's figures (scripts/make_training_oracles.py).
#include <gtest/gtest.h>

#include <cmath>

#include "hillock/error.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "hillock/optim.h"
#include "tests/golden.h"

namespace hillock {
namespace {

Tensor matrix(const nlohmann::json& rows) {
  Tensor tensor(
      TensorType{DType::f64, {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())}, {}});
  std::int64_t i = 0;
  for (const auto& row : rows) {
    for (const auto& value : row) tensor.set(i++, value.get<double>());
  }
  return tensor;
}

struct LossCase {
  const char* golden;
  nn::LossKind kind;
  nn::Activation output;
  double smoothing = 0;
};

class LossValue : public testing::TestWithParam<LossCase> {};

TEST_P(LossValue, IsPyTorchs) {
  const nlohmann::json golden = read_golden("training.json")["losses"];
  Graph graph;
  const Tensor logits = matrix(golden["logits"]);
  nn::Output out;
  out.logits = graph.input("logits", logits.type());
  out.prediction = nn::activate(graph, out.logits, GetParam().output);
  Tensor targets(logits.type());
  for (std::size_t r = 0; r < golden["labels"].size(); ++r) {
    targets.set(static_cast<std::int64_t>(r * 5) + golden["labels"][r].get<std::int64_t>(), 1);
  }
  const Value value = nn::loss(GetParam().kind, {.label_smoothing = GetParam().smoothing})(
      graph, out, graph.input("targets", targets.type()));
  const Plan plan(graph, {.outputs = {value}});
  Store nothing;
  Session session(plan, nothing);
  session.bind("logits", logits);
  session.bind("targets", targets);
  session.run();
  // The terms, 35 of both signs, are added in another order.
  EXPECT_NEAR(session.scalar(0) / golden[GetParam().golden].get<double>(), 1, 1e-13);
}

INSTANTIATE_TEST_SUITE_P(All, LossValue,
                         testing::Values(LossCase{"mse", nn::LossKind::mse, nn::Activation::sigmoid},
                                         LossCase{"sse", nn::LossKind::sse, nn::Activation::sigmoid},
                                         LossCase{"mae", nn::LossKind::mae, nn::Activation::sigmoid},
                                         LossCase{"logistic", nn::LossKind::logistic, nn::Activation::sigmoid},
                                         LossCase{"cross_entropy", nn::LossKind::cross_entropy,
                                                  nn::Activation::softmax},
                                         LossCase{"cross_entropy_smoothing_0.1", nn::LossKind::cross_entropy,
                                                  nn::Activation::softmax, 0.1}));

TEST(Loss, RefusesWhatDoesNotFit) {
  EXPECT_THROW(nn::loss(nn::LossKind::mse, {.label_smoothing = 0.1}), Error);
  EXPECT_THROW(nn::loss(nn::LossKind::cross_entropy, {.label_smoothing = 1}), Error);
  Graph graph;
  const Value z = graph.input("z", {DType::f64, {2, 3}, {}});
  const Value t = graph.input("t", {DType::f64, {2, 1}, {}});
  EXPECT_THROW(nn::loss(nn::LossKind::mse)(graph, {z, z}, t), Error);
}

TEST(Activation, SoftmaxIsPyTorchs) {
  const nlohmann::json golden = read_golden("training.json")["losses"];
  const Tensor logits = matrix(golden["logits"]);
  const Tensor expected = matrix(golden["softmax"]);
  Graph graph;
  const Plan plan(graph, {.outputs = {nn::activate(graph, graph.input("z", logits.type()), nn::Activation::softmax)}});
  Store nothing;
  Session session(plan, nothing);
  session.bind("z", logits);
  session.run();
  for (std::int64_t i = 0; i < 35; ++i) {
    EXPECT_NEAR(session.output_values<double>(0)[static_cast<std::size_t>(i)] / expected.at(i), 1, 1e-14);
  }
}

TEST(Clipping, IsPyTorchs) {
  const nlohmann::json golden = read_golden("training.json")["clipping"];
  const std::vector<double> gradient = golden["gradient"];
  const Tensor input = Tensor::from<double>({9}, std::span<const double>(gradient));
  for (const char* limit : {"0.5", "100.0"}) {
    Graph graph;
    const Plan plan(graph, {.outputs = {clip_by_global_norm(graph, graph.input("g", input.type()), std::stod(limit))}});
    Store nothing;
    Session session(plan, nothing);
    session.bind("g", input);
    session.run();
    for (std::size_t i = 0; i < 9; ++i) {
      EXPECT_NEAR(session.output_values<double>(0)[i] / golden[limit][i].get<double>(), 1, 1e-14) << limit << " " << i;
    }
  }
}

TEST(Schedule, IsPyTorchs) {
  const nlohmann::json golden = read_golden("training.json")["schedules"];
  for (std::int64_t step = 1; step <= 30; ++step) {
    const auto k = static_cast<std::size_t>(step - 1);
    EXPECT_NEAR((Schedule{.kind = Schedule::Kind::cosine}.factor(step, 30)), golden["cosine_30"][k].get<double>(),
                1e-14);
    EXPECT_NEAR((Schedule{.kind = Schedule::Kind::step}.factor(step, 30)), golden["step_30_every_10"][k].get<double>(),
                1e-14);
    EXPECT_EQ((Schedule{}.factor(step, 30)), 1);
  }
}

TEST(Schedule, WarmsUpLinearly) {
  const Schedule schedule{.kind = Schedule::Kind::cosine, .warmup = 0.2};
  double last = 0;
  for (std::int64_t step = 1; step <= 10; ++step) {
    EXPECT_NEAR(schedule.factor(step, 50), static_cast<double>(step) / 11, 1e-15);
    EXPECT_GT(schedule.factor(step, 50), last);
    last = schedule.factor(step, 50);
  }
  EXPECT_EQ(schedule.factor(11, 50), 1);
  EXPECT_LT(schedule.factor(50, 50), 0.01);
}

TEST(NetworkSpec, ReadsBothForms) {
  const NetworkSpec spec = NetworkSpec::parse("64, 32");
  EXPECT_EQ(spec, NetworkSpec::parse("dense 64 relu, dense 32 relu"));
  EXPECT_EQ(spec.to_string(), "dense 64 relu, dense 32 relu");
  const std::string text = "dense 8 tanh, dropout 0.25, dense 3 leaky-relu, elu, output sigmoid";
  EXPECT_EQ(NetworkSpec::parse(text).to_string(), text);
  EXPECT_TRUE(NetworkSpec::parse("").hidden.empty());
}

TEST(NetworkSpec, NamesThePartThatIsWrong) {
  auto message = [](const char* text) {
    try {
      NetworkSpec::parse(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string forms = "; write for example \"64, 32\" or \"dense 64 relu, dropout 0.2, output sigmoid\"";
  EXPECT_EQ(message("64,, 32"), "--net: part 2, \"\": there is nothing between the commas" + forms);
  EXPECT_EQ(message("64, -3"), "--net: part 2, \"-3\": -3 units; a layer has 1 to 1048576" + forms);
  EXPECT_EQ(message("dense"), "--net: part 1, \"dense\": dense needs a number of units" + forms);
  EXPECT_EQ(message("dense x"), "--net: part 1, \"dense x\": \"x\" is not a number of units" + forms);
  EXPECT_EQ(message("dropout 1"),
            "--net: part 1, \"dropout 1\": the rate \"1\" must be at least 0 and below 1" + forms);
  EXPECT_EQ(message("output sigmoid, 3"), "--net: part 1, \"output sigmoid\": the output layer comes last" + forms);
  EXPECT_TRUE(message("conv 3").starts_with(
      "--net: part 1, \"conv 3\": there is no layer \"conv\"; layers are dense, dropout, layer-norm, residual, an "
      "activation, "));  // and perhaps some that other tests have registered
  EXPECT_TRUE(message("conv 3").ends_with("and output at the end" + forms));
  EXPECT_NE(message("dense 3 rellu").find("did you mean \"relu\"?"), std::string::npos);
  // An item is always quoted, since it may contain anything that a model file or a shell gives.
  EXPECT_EQ(message("8 re\nlu"),
            "--net: part 1, \"8 re?lu\": units and an activation are written \"dense 8 re?lu\"" + forms);
}

}  // namespace
}  // namespace hillock
