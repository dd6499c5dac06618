// A feed hands out the same batches whether it gathers ahead or in place, for batches of any size; it allocates nothing
// and ends cleanly at any point.
#include "rows/feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hillock/train.h"
#include "tests/allocation_counter.h"

namespace hillock {
namespace {

// Row r holds r in every column; its target is r / 2 and its weight -r.
struct Rows {
  Rows(std::int64_t rows, std::int64_t columns)
      : features(TensorType{DType::f32, {rows, columns}, {}}),
        targets(TensorType{DType::i32, {rows}, IntegerRange{0, rows}}),
        weights(TensorType{DType::f32, {rows}, {}}) {
    for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, static_cast<double>(i / columns));
    for (std::int64_t r = 0; r < rows; ++r) targets.set(r, static_cast<double>(r / 2));
    for (std::int64_t r = 0; r < rows; ++r) weights.set(r, -static_cast<double>(r));
  }
  MemoryRows source() const { return MemoryRows({.features = features, .targets = targets}); }
  Tensor features, targets, weights;
};

// Returns the rows that a feed hands out, in order, and checks that features, targets and weights belong together.
std::vector<std::int64_t> drain(BatchFeed& feed, std::int64_t batches, std::int64_t columns) {
  std::vector<std::int64_t> seen;
  for (std::int64_t k = 0; k < batches; ++k) {
    const RowsView& batch = feed.next();
    const auto* features = batch.features.values<float>().data();
    const auto* targets = batch.targets.values<std::int32_t>().data();
    for (std::int64_t r = 0; r < batch.rows(); ++r) {
      for (std::int64_t c = 0; c < columns; ++c) EXPECT_EQ(features[r * columns + c], features[r * columns]);
      seen.push_back(static_cast<std::int64_t>(features[r * columns]));
      EXPECT_EQ(targets[r], seen.back() / 2);
      if (batch.weights) {
        EXPECT_EQ(batch.weights.values<float>()[static_cast<std::size_t>(r)], -features[r * columns]);
      }
    }
  }
  return seen;
}

TEST(BatchFeedThread, HandsOutTheSameAheadAsInPlace) {
  struct Case {
    std::int64_t rows, columns, batch;
  };
  // Several batches per block, batches larger than a block, a smaller last batch, and blocks that span epochs.
  for (const Case& c : {Case{10, 3, 4}, Case{10, 3, 5}, Case{1000, 64, 32}, Case{1001, 784, 100}, Case{300, 784, 128},
                        Case{2, 1, 1}, Case{7, 5, 7}}) {
    const Rows rows(c.rows, c.columns);
    const MemoryRows source = rows.source();
    const std::int64_t epochs = 4;
    std::vector<std::vector<std::int64_t>> seen;
    for (const bool ahead : {false, true}) {
      BatchFeed feed(source, nullptr, {.batch = c.batch, .epochs = epochs, .seed = 9, .ahead = ahead});
      EXPECT_EQ(feed.ahead(), ahead && c.rows > c.batch) << "one batch an epoch has no order";
      seen.push_back(drain(feed, epochs * feed.batches_in_epoch(), c.columns));
    }
    for (const bool ahead : {false, true}) {
      BatchFeed feed(source, &rows.weights, {.batch = c.batch, .epochs = epochs, .seed = 9, .ahead = ahead});
      seen.push_back(drain(feed, epochs * feed.batches_in_epoch(), c.columns));
      EXPECT_EQ(seen.back(), seen.front()) << "weights change no order";
    }
    EXPECT_EQ(seen[0], seen[1]) << c.rows << " rows in batches of " << c.batch;
    // Each epoch contains every row once, and the orders differ.
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      std::vector<std::int64_t> one(seen[0].begin() + epoch * c.rows, seen[0].begin() + (epoch + 1) * c.rows);
      std::sort(one.begin(), one.end());
      for (std::int64_t r = 0; r < c.rows; ++r) ASSERT_EQ(one[static_cast<std::size_t>(r)], r);
    }
    if (c.rows >= 10) {
      EXPECT_FALSE(std::equal(seen[0].begin(), seen[0].begin() + c.rows, seen[0].begin() + c.rows));
    }
  }
}

TEST(BatchFeedThread, ConsecutiveRowsAreHandedOutInPlace) {
  const Rows rows(10, 3);
  const MemoryRows source = rows.source();
  BatchFeed feed(source, nullptr, {.batch = 4, .epochs = 2, .shuffle = false, .ahead = true});
  EXPECT_FALSE(feed.ahead());
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const std::int64_t first : {0, 4, 8}) {
      const RowsView& batch = feed.next();
      EXPECT_EQ(batch.features.raw(), rows.features.values<float>().data() + first * 3);
      EXPECT_EQ(batch.targets.raw(), rows.targets.values<std::int32_t>().data() + first);
      EXPECT_FALSE(batch.weights);
      EXPECT_EQ(batch.rows(), first == 8 ? 2 : 4);
    }
  }
}

// The owner may stop at any point, whether it is slower or faster than the thread ahead: the destructor joins the
// thread.
TEST(BatchFeedThread, EndsAnywhere) {
  const Rows rows(1000, 784);
  const MemoryRows source = rows.source();
  for (const std::int64_t taken : {0, 1, 2, 3, 10, 40}) {
    for (const bool slow : {false, true}) {
      BatchFeed feed(source, nullptr, {.batch = 100, .epochs = 4, .ahead = true});
      drain(feed, taken, 784);
      if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the thread has fallen asleep by now
    }
  }
}

TEST(BatchFeedThread, AllocatesNothing) {
  const Rows rows(1000, 784);
  const MemoryRows source = rows.source();
  for (const bool ahead : {false, true}) {
    BatchFeed feed(source, nullptr, {.batch = 100, .epochs = 3, .ahead = ahead});
    feed.next();
    const AllocationCounter counter;
    for (int k = 1; k < 30; ++k) feed.next();
    EXPECT_EQ(counter.count(), 0) << ahead;
  }
}

TEST(BatchFeed, SmallBatchesAreGatheredInPlace) {
  const Rows digits(1257, 64);
  const MemoryRows digit_rows = digits.source();
  EXPECT_FALSE(BatchFeed(digit_rows, nullptr, {.batch = 32}).ahead());
  const Rows images(300, 784);
  const MemoryRows image_rows = images.source();
  const bool second_processor = std::thread::hardware_concurrency() > 1;
  EXPECT_EQ(BatchFeed(image_rows, nullptr, {.batch = 128}).ahead(), second_processor);
}

struct Task {
  Rows rows{400, 12};
  Network network{{.layer = nn::dense(1, {.name = "output"}), .input = {12}}};
  Tensor numbers{TensorType{DType::f32, {400, 1}, {}}};
  Task() {
    network.initialize(1);
    for (std::int64_t i = 0; i < rows.features.elements(); ++i)
      rows.features.set(i, static_cast<double>(i * 37 % 11) / 11);
    for (std::int64_t i = 0; i < 400; ++i) numbers.set(i, static_cast<double>(i % 7));
  }
  TrainOptions options(bool ahead) const {
    return {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()},
            .epochs = 5,
            .batch_size = 30,
            .rate = 0.01,
            .gather_ahead = ahead};
  }
  std::string bits() const {
    const Tensor& block = network.parameters();
    return {static_cast<const char*>(block.raw()), block.bytes()};
  }
};

TEST(BatchFeedThread, TrainingGivesTheSameBitsAheadAndInPlace) {
  std::string in_place;
  for (const bool ahead : {false, true}) {
    Task task;
    Trainer(task.network, task.options(ahead)).fit({&task.rows.features, &task.numbers});
    if (!ahead) in_place = task.bits();
    EXPECT_EQ(task.bits(), in_place);
  }
}

TEST(BatchFeedThread, TrainingEndsCleanlyWhenACallbackThrowsOrStops) {
  Task task;
  TrainOptions throwing = task.options(true);
  throwing.on_step = [](const StepReport& report) {
    if (report.step == 17) throw std::runtime_error("enough");
  };
  EXPECT_THROW(Trainer(task.network, throwing).fit({&task.rows.features, &task.numbers}), std::runtime_error);
  TrainOptions stopping = task.options(true);
  stopping.on_epoch = [](const EpochReport& report) { return report.epoch < 2; };
  EXPECT_EQ(Trainer(task.network, stopping).fit({&task.rows.features, &task.numbers}).stopped, StopReason::callback);
  TrainOptions endless = task.options(true);
  endless.epochs = std::numeric_limits<std::int64_t>::max() / 16;
  endless.on_step = [](const StepReport& report) {
    if (report.step == 40) throw std::runtime_error("enough");
  };
  EXPECT_THROW(Trainer(task.network, endless).fit({&task.rows.features, &task.numbers}), std::runtime_error);
}

}  // namespace
}  // namespace hillock
