// Optimizers, compared with the figures in Keras's own tests (keras/src/optimizers/*_test.py, Apache License 2.0),
// which have four digits. tests/trajectory_test.cc compares thirteen digits with PyTorch.
#include <gtest/gtest.h>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/optim.h"
#include "hillock/session.h"

namespace hillock {
namespace {

// Applies an optimizer to given gradients.
class Applied {
 public:
  Applied(const Optimizer& optimizer, const std::vector<double>& start) : optimizer_(optimizer) {
    const auto size = static_cast<std::int64_t>(start.size());
    const TensorType type{DType::f64, {size}, {}};
    store_.put("p", Tensor::from<double>({size}, std::span<const double>(start)));
    Graph graph;
    const Value gradient = graph.input("gradient", type);
    const auto count = static_cast<std::int64_t>(optimizer.numbers);
    const Value fed = graph.input("numbers", {DType::f64, {count}, {}});
    const Value parameters = graph.state("p", type);
    std::vector<Value> slots, numbers;
    for (const std::string& slot : optimizer.slots) {
      store_.put(slot, Tensor(type));
      slots.push_back(graph.state(slot, type));
    }
    for (std::int64_t k = 0; k < count; ++k)
      numbers.push_back(ops::reshape(graph, ops::slice(graph, fed, {k}, {1}), {}));
    const Update update = optimizer.update(graph, parameters, gradient, slots, numbers);
    graph.assign(parameters, update.parameters);
    for (std::size_t k = 0; k < slots.size(); ++k) graph.assign(slots[k], update.slots[k]);
    plan_.emplace(graph, PlanOptions{.outputs = {}, .update = true});
    session_.emplace(*plan_, store_);
  }

  void step(const std::vector<double>& gradient, double rate) {
    std::vector<double> numbers(optimizer_.numbers);
    optimizer_.step_numbers(++steps_, rate, numbers);
    session_->bind(0, gradient.data());
    session_->bind(1, numbers.data());
    session_->run();
  }
  std::vector<double> parameters() const {
    const auto values = store_.get("p").values<double>();
    return {values.begin(), values.end()};
  }

 private:
  Optimizer optimizer_;
  Store store_;
  std::optional<Plan> plan_;
  std::optional<Session> session_;
  std::int64_t steps_ = 0;
};

struct KerasCase {
  std::string name;
  Optimizer optimizer;
  double rate;
  std::vector<double> after_single_step;  // from 1, 2, 3, 4 with gradients 1, 6, 7, 2 and the rate 0.5
  double sequence_rate;
  Optimizer sequence_optimizer;
  // From ones, with gradients of 0.01, then four times 0.1, 0.2, … 1. The first, fifth and last of ten elements.
  std::vector<std::vector<double>> sequence;
};

class KerasFigures : public testing::TestWithParam<KerasCase> {};

TEST_P(KerasFigures, OfOneStep) {
  Applied applied(GetParam().optimizer, {1, 2, 3, 4});
  applied.step({1, 6, 7, 2}, 0.5);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(applied.parameters()[i], GetParam().after_single_step[i], 1e-4);
}

TEST_P(KerasFigures, OfASequence) {
  Applied applied(GetParam().sequence_optimizer, std::vector<double>(10, 1));
  std::vector<double> gradient(10, 0.01);
  for (const std::vector<double>& expected : GetParam().sequence) {
    applied.step(gradient, GetParam().sequence_rate);
    const std::vector<double> x = applied.parameters();
    EXPECT_NEAR(x[0], expected[0], 5e-4);  // Keras's own tolerance
    EXPECT_NEAR(x[4], expected[1], 5e-4);
    EXPECT_NEAR(x[9], expected[2], 5e-4);
    for (std::size_t i = 0; i < 10; ++i) gradient[i] = 0.1 * static_cast<double>(i + 1);
  }
}

// Keras's RMSProp has epsilon inside the root, which changes the first steps by half a percent, a thirtieth of the
// tolerance.
std::vector<KerasCase> keras_cases() {
  return {{"adagrad",
           adagrad({.initial = 0.1, .epsilon = 1e-7}),
           0.5,
           {0.5233, 1.5007, 2.5005, 3.5061},
           0.2,
           adagrad({.initial = 0.3, .epsilon = 1e-6}),
           {{0.9963, 0.9963, 0.9963},
            {0.9604, 0.8615, 0.8209},
            {0.9251, 0.7497, 0.6891},
            {0.8903, 0.6521, 0.579},
            {0.856, 0.5644, 0.4825}}},
          {"rmsprop",
           rmsprop({.alpha = 0.9, .epsilon = 1e-7}),
           0.5,
           {-0.5811, 0.4189, 1.4189, 2.4189},
           0.001,
           rmsprop({.alpha = 0.9, .epsilon = 1e-7, .centered = true}),
           {{0.9967, 0.9967, 0.9967},
            {0.9933, 0.9933, 0.9933},
            {0.9908, 0.9908, 0.9908},
            {0.9885, 0.9885, 0.9885},
            {0.9864, 0.9864, 0.9864}}},
          {"nadam",
           nadam({.epsilon = 1e-7, .momentum_decay = 1}),
           0.5,
           {0.4686, 1.4686, 2.4686, 3.4686},
           0.5,
           nadam({.beta1 = 0.5, .beta2 = 0.67, .epsilon = 1e-5, .momentum_decay = 1}),
           {{0.4281, 0.4281, 0.4281},
            {-0.1738, -0.1721, -0.1717},
            {-0.7115, -0.709, -0.7084},
            {-1.2335, -1.2306, -1.2299},
            {-1.7492, -1.7461, -1.7454}}}};
}

INSTANTIATE_TEST_SUITE_P(All, KerasFigures, testing::ValuesIn(keras_cases()),
                         [](const auto& test) { return test.param.name; });

// The trainer has one optimizer for whole batches and one for the last batch of an epoch, whose step numbers have gaps.
TEST(Nadam, GivesTheSameNumbersWhateverStepsWereAskedBefore) {
  const Optimizer all = nadam(), some = nadam();
  std::vector<double> expected(3), got(3);
  for (std::int64_t step = 1; step <= 40; ++step) all.step_numbers(step, 0.01, expected);
  for (const std::int64_t step : {7, 3, 21, 40}) some.step_numbers(step, 0.01, got);
  EXPECT_EQ(got, expected);
}

TEST(OptimizerMenu, MakesEachByName) {
  for (const nn::NameAndSummary& named : optimizers()) EXPECT_EQ(optimizer_from_name(named.name).name, named.name);
  EXPECT_EQ(optimizers().size(), 9u);
  EXPECT_THROW(optimizer_from_name("adadelta"), Error);
  EXPECT_THROW(rmsprop({.alpha = 1}), Error);
  EXPECT_THROW(adagrad({.rate_decay = -1}), Error);
  EXPECT_THROW(nadam({.momentum_decay = -1}), Error);
  EXPECT_THROW(lbfgs({.history = 0}), Error);
}

}  // namespace
}  // namespace hillock
