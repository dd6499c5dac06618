// What train_replicas reports about starts that have ended, and the order in which starts that train alone are trained.
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "hillock/replicas.h"

namespace hillock {
namespace {

// y = 2 x on three points, learned by one weight from several starts.
struct Line {
  Tensor x = Tensor::from<float>({3, 1}, {-1, 0, 2}), y = Tensor::from<float>({3, 1}, {-2, 0, 4});
  Network network{NetworkOptions{.layer = build_layers({}, 1), .input = {1}}};

  ReplicaSet set(std::size_t starts) {
    ReplicaSet set{.network = &network,
                   .options = {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 3},
                   .starts = {}};
    for (std::size_t k = 0; k < starts; ++k) {
      set.starts.push_back({.parameters = network.parameters(), .seed = k, .train = {&x, &y}});
    }
    return set;
  }
};

TEST(ReplicasThatEnd, AreToldOnceEachWithTheirResult) {
  for (const std::int64_t lanes : {std::int64_t{0}, std::int64_t{1}}) {
    Line line;
    std::vector<ReplicaSet> sets{line.set(20)};
    std::mutex mutex;
    std::map<std::size_t, std::vector<double>> told;
    sets[0].on_end = [&](std::size_t start, const TrainResult& result) {
      const std::lock_guard lock(mutex);
      told[start].push_back(result.train_loss);
    };
    const auto results = train_replicas(sets, {.threads = 2, .lanes = lanes});
    ASSERT_EQ(told.size(), 20u);
    for (const auto& [start, losses] : told) {
      EXPECT_EQ(losses, std::vector<double>{results[0][start].result.train_loss});
      EXPECT_EQ(results[0][start].side_by_side, lanes == 0);
    }
  }
}

// An interrupted run then has some starts of each set.
TEST(ReplicasThatEnd, TakeTurnsBetweenSetsWhereTheyTrainAlone) {
  Line line;
  std::vector<ReplicaSet> sets{line.set(2), line.set(3)};
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    sets[s].on_end = [&order, s](std::size_t start, const TrainResult&) { order.emplace_back(s, start); };
  }
  train_replicas(sets, {.lanes = 1});
  EXPECT_EQ(order, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {1, 2}}));
}

}  // namespace
}  // namespace hillock
