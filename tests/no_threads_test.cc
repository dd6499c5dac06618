// Results are the same whether or not the system provides threads.
#include "tests/no_threads.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "core/thread_pool.h"
#include "hillock/network.h"
#include "hillock/replicas.h"
#include "hillock/train.h"

namespace hillock {
namespace {

using testing::NoThreads;

struct Sum {
  static void add(void* context, int, std::int64_t begin, std::int64_t end) {
    auto& counts = *static_cast<std::vector<int>*>(context);
    for (std::int64_t i = begin; i < end; ++i) ++counts[static_cast<std::size_t>(i)];
  }
};

TEST(NoThreadToSpare, IsWhatTheTestsMake) {
  const NoThreads none;
  EXPECT_THROW(std::thread([] {}), std::system_error);
}

TEST(NoThreadToSpare, ThePoolWorksWithThoseItHas) {
  for (const bool limited : {false, true}) {
    std::vector<int> counts(1000, 0);
    const auto work = [&] {
      ThreadPool pool(8);
      EXPECT_EQ(pool.threads(), limited ? 1 : 8);
      for (int k = 0; k < 3; ++k) pool.run(1000, &Sum::add, &counts);
    };
    if (limited) {
      const NoThreads none;
      work();
    } else {
      work();
    }
    EXPECT_EQ(counts, std::vector<int>(1000, 3));
  }
}

// Uses threads of a session, of batches gathered ahead, and of replicas.
Tensor trained(bool replicas) {
  Network network(
      {.layer = nn::sequential({nn::dense(8, {.activation = nn::Activation::tanh}), nn::dense(1, {.name = "output"})}),
       .input = {3}});
  network.initialize(1);
  Tensor features(TensorType{DType::f32, {64, 3}, {}}), targets(TensorType{DType::f32, {64, 1}, {}});
  for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, static_cast<double>(i % 7) / 7);
  for (std::int64_t i = 0; i < targets.elements(); ++i) targets.set(i, static_cast<double>(i % 5) / 5);
  const Examples examples{&features, &targets};
  TrainOptions options{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()}, .epochs = 3};
  options.gather_ahead = true;
  if (!replicas) {
    options.step.session = {.threads = 4, .force_threads = true};
    Trainer(network, options).fit(examples);
    return network.parameters();
  }
  const Tensor& start = network.parameters();
  ReplicaSet set{.network = &network, .options = options, .starts = {}};
  for (int k = 0; k < 4; ++k) set.starts.push_back({.parameters = start, .train = examples});
  return train_replicas(std::span(&set, 1), {.threads = 4, .lanes = 1})[0][3].parameters;
}

TEST(NoThreadToSpare, TrainingGivesTheSameBits) {
  for (const bool replicas : {false, true}) {
    const Tensor with = trained(replicas);
    const NoThreads none;
    const Tensor without = trained(replicas);
    for (std::int64_t i = 0; i < with.elements(); ++i) EXPECT_EQ(with.at(i), without.at(i));
  }
}

}  // namespace
}  // namespace hillock
