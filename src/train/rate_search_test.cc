// The range test for the learning rate: it is repeatable, leaves the network unchanged, and works for every optimizer.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "hillock/diagnosis.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "tests/golden.h"

namespace hillock {
namespace {

// Rows whose class is the sign of a product.
struct Data {
  Tensor features{TensorType{DType::f32, {400, 3}, {}}};
  Tensor labels{TensorType{DType::i32, {400}, IntegerRange{0, 2}}};
  Data() {
    for (std::int64_t i = 0; i < 1200; ++i) features.set(i, 4 * golden_uniform(1, static_cast<std::uint64_t>(i)) - 2);
    for (std::int64_t r = 0; r < 400; ++r) labels.set(r, features.at(r * 3) * features.at(r * 3 + 1) > 0 ? 1 : 0);
  }
  Examples examples() const { return {&features, &labels}; }
};

Network small_network(std::uint64_t seed = 5) {
  Network network({.layer = nn::sequential({nn::dense(24, {.activation = nn::Activation::tanh}), nn::dense(1)}),
                   .input = {3},
                   .output = nn::Activation::sigmoid});
  network.initialize(seed);
  return network;
}

TrainOptions options_for(const std::string& optimizer, std::int64_t batch = 32) {
  return {.step = {.loss = nn::loss(nn::LossKind::logistic), .optimizer = optimizer_from_name(optimizer)},
          .epochs = 30,
          .batch_size = batch,
          .seed = 3};
}

double trained_loss(const TrainOptions& options, const Data& data, double rate) {
  Network network = small_network();
  TrainOptions with_rate = options;
  with_rate.rate = rate;
  const TrainResult result = Trainer(network, with_rate).fit(data.examples());
  return result.finite && result.stopped == StopReason::epochs
             ? evaluate(network, options.step.loss, data.examples()).loss
             : INFINITY;
}

class FindRate : public testing::TestWithParam<std::string> {};

// Thirty epochs at the rate found learn well, and at a hundredth of it they learn less. `hillock train --lr auto` on
// the built-in sets (docs/training.md) shows that this holds for more than one problem.
TEST_P(FindRate, FindsOneThatLearns) {
  const Data data;
  for (const std::int64_t batch : {32, 0}) {
    const TrainOptions options = options_for(GetParam(), batch);
    const double rate = find_rate(small_network(), options, data.examples()).rate;
    const double loss = trained_loss(options, data, rate);
    EXPECT_LT(loss, batch == 0 ? 0.693 : 0.6) << "at " << rate << ", batch " << batch;
    EXPECT_LT(loss, trained_loss(options, data, rate / 100)) << "at " << rate << ", batch " << batch;
  }
}

TEST_P(FindRate, IsRepeatableAndLeavesTheNetworkAsItIs) {
  const Data data;
  Network network = small_network();
  const Tensor before = network.parameters();
  const RateTest first = find_rate(network, options_for(GetParam()), data.examples());
  EXPECT_EQ(std::memcmp(network.parameters().raw(), before.raw(), before.bytes()), 0);
  TrainOptions threads = options_for(GetParam());
  threads.step.session = {.threads = 3, .force_threads = true};
  const RateTest second = find_rate(network, threads, data.examples());
  EXPECT_EQ(first.rate, second.rate);
  EXPECT_EQ(first.losses, second.losses);
  EXPECT_EQ(first.rates.front(), 1e-6);
  EXPECT_LE(first.rates.back(), 10);
}

INSTANTIATE_TEST_SUITE_P(All, FindRate,
                         testing::Values("sgd", "momentum", "nesterov", "adam", "adamw", "nadam", "adagrad",
                                         "rmsprop"));

TEST(FindRateOnce, SaysWhichRateHadTheLowestLoss) {
  const RateTest test{.rate = 0.1, .rates = {0.1, 0.2, 0.4, 0.8}, .losses = {3, 1, 1, 2}};
  EXPECT_EQ(test.rate_of_lowest_loss(), 0.2) << "the first of equal ones";
}

TEST(FindRateOnce, AnswersOneForLbfgsWithoutATest) {
  const Data data;
  const RateTest test = find_rate(small_network(), options_for("lbfgs", 0), data.examples());
  EXPECT_EQ(test.rate, 1);
  EXPECT_TRUE(test.rates.empty());
}

TEST(FindRateOnce, ServesFewRowsAndRefusesBrokenOnes) {
  Data data;
  const Tensor few = Tensor::from<float>({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  Tensor labels(TensorType{DType::i32, {3}, IntegerRange{0, 2}});
  labels.set(1, 1);
  EXPECT_GT(find_rate(small_network(), options_for("adam", 2), {&few, &labels}).rate, 0);
  for (std::int64_t i = 0; i < 1200; ++i) data.features.set(i, NAN);
  EXPECT_THROW(find_rate(small_network(), options_for("adam"), data.examples()), Error);
  EXPECT_THROW(find_rate(small_network(), options_for("adam"), data.examples(), {.lowest = 1, .highest = 0.1}), Error);
}

}  // namespace
}  // namespace hillock
