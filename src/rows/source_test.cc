// Reading rows by number from memory and from a function: what is returned, and what is refused.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "core/error_testing.h"
#include "hillock/rows.h"
#include "rows/feed.h"
#include "rows/reader.h"

namespace hillock {
namespace {

constexpr std::int64_t kRows = 10;

// Row r holds r and -r; its target is 10 r and its weight r / 2.
struct Arrays {
  Arrays() {
    for (std::int64_t r = 0; r < kRows; ++r) {
      features.insert(features.end(), {static_cast<float>(r), static_cast<float>(-r)});
      targets.push_back(static_cast<double>(10 * r));
      weights.push_back(static_cast<float>(r) / 2);
    }
  }
  RowsView view() const {
    return {.features = {features, {kRows, 2}}, .targets = {targets, {kRows, 1}}, .weights = {weights, {kRows}}};
  }
  std::vector<float> features, weights;
  std::vector<double> targets;
};

GeneratedRows generated() {
  const RowTypes types{.features = {DType::f32, {kRows, 2}, {}},
                       .targets = TensorType{DType::f64, {kRows, 1}, {}},
                       .weights = TensorType{DType::f32, {kRows}, {}}};
  return {types, [](std::span<const std::int64_t> numbers, const RowBuffers& out) {
            const auto features = elements_of<float>(out.features), weights = elements_of<float>(out.weights);
            const auto targets = elements_of<double>(out.targets);
            for (std::size_t k = 0; k < numbers.size(); ++k) {
              const auto r = static_cast<float>(numbers[k]);
              if (!features.empty()) features[2 * k] = r, features[2 * k + 1] = -r;
              if (!targets.empty()) targets[k] = 10 * static_cast<double>(r);
              if (!weights.empty()) weights[k] = r / 2;
            }
          }};
}

template <class T>
std::span<std::byte> bytes_of(std::vector<T>& values) {
  return std::as_writable_bytes(std::span(values));
}

TEST(RowSource, GathersRowsByNumber) {
  const Arrays arrays;
  const MemoryRows memory(arrays.view());
  const GeneratedRows function = generated();
  EXPECT_EQ(memory.in_memory()->features.raw(), arrays.features.data());
  EXPECT_EQ(function.in_memory(), nullptr);
  const std::vector<std::int64_t> numbers{7, 0, 7, 9};
  for (const RowSource* source : {static_cast<const RowSource*>(&memory), static_cast<const RowSource*>(&function)}) {
    EXPECT_EQ(source->rows(), kRows);
    std::vector<float> features(8, -1), weights(4, -1);
    std::vector<double> targets(4, -1);
    source->gather(numbers, {.features = bytes_of(features)});
    EXPECT_EQ(features, (std::vector<float>{7, -7, 0, 0, 7, -7, 9, -9}));
    EXPECT_EQ(targets[0], -1) << "not wanted";
    source->gather(numbers, {.targets = bytes_of(targets), .weights = bytes_of(weights)});
    EXPECT_EQ(targets, (std::vector<double>{70, 0, 70, 90}));
    EXPECT_EQ(weights, (std::vector<float>{3.5, 0, 3.5, 4.5}));
  }
}

TEST(RowSource, RefusesWhatDoesNotFit) {
  const Arrays arrays;
  const MemoryRows memory(arrays.view());
  std::vector<float> room(4);
  const auto gather = [&](std::vector<std::int64_t> numbers) {
    return error_of([&] { memory.gather(numbers, {.features = bytes_of(room)}); });
  };
  EXPECT_EQ(gather({1, 2}), "");
  EXPECT_EQ(gather({1, 10}), "rows: row 10 of 10; rows count from 0");
  EXPECT_EQ(gather({-1, 2}), "rows: row -1 of 10; rows count from 0");
  EXPECT_EQ(gather({1}), "rows: room of 16 bytes for the features of 1 rows of 8 bytes; make it as large as they are");
  RowsView short_of_one = arrays.view();
  short_of_one.targets = {std::span(arrays.targets).first(9), {9, 1}};
  EXPECT_EQ(error_of([&] { MemoryRows rows(short_of_one); }),
            "rows: the features are f32[10, 2] and the targets f64[9, 1]; give one for each row");
  EXPECT_EQ(error_of([&] { MemoryRows rows(Examples{}); }), "rows: the features are missing; pass them");
  EXPECT_EQ(error_of([&] { MemoryRows rows(RowsView{}); }),
            "rows: the features are f32[]; give them a first axis of the rows");
  EXPECT_EQ(error_of([&] {
              GeneratedRows rows({.features = {DType::f32, {3}, {}}}, {});
            }),
            "rows: there is no function that makes them; pass one");
}

TEST(RowReader, HandsOutBlocksInOrder) {
  const Arrays arrays;
  const MemoryRows memory(arrays.view());
  const GeneratedRows function = generated();
  for (const RowSource* source : {static_cast<const RowSource*>(&memory), static_cast<const RowSource*>(&function)}) {
    std::int64_t next = 0;
    for_each_block(*source, 4, {.features = true, .weights = true}, [&](std::int64_t first, const RowsView& block) {
      EXPECT_EQ(first, next);
      EXPECT_EQ(block.rows(), first == 8 ? 2 : 4);
      EXPECT_FALSE(block.targets);
      for (std::int64_t k = 0; k < block.rows(); ++k) {
        EXPECT_EQ(block.features.at(2 * k + 1), static_cast<double>(-(first + k)));
        EXPECT_EQ(block.weights.at(k), static_cast<double>(first + k) / 2);
      }
      next += block.rows();
    });
    EXPECT_EQ(next, kRows);
  }
  RowReader reader(memory, 4, {.features = true});
  EXPECT_EQ(reader.read(4, 4).features.raw(), arrays.features.data() + 8) << "in place";
}

// Rows so wide that a block holds one batch and the thread ahead is used: row r holds r in all columns.
constexpr std::int64_t kWide = 20000;

GeneratedRows wide() {
  return {{.features = {DType::f32, {kRows, kWide}, {}}, .targets = TensorType{DType::f64, {kRows, 1}, {}}},
          [](std::span<const std::int64_t> numbers, const RowBuffers& out) {
            const auto features = elements_of<float>(out.features);
            for (std::size_t i = 0; i < features.size(); ++i)
              features[i] = static_cast<float>(numbers[i / static_cast<std::size_t>(kWide)]);
            const auto targets = elements_of<double>(out.targets);
            for (std::size_t k = 0; k < targets.size(); ++k) targets[k] = 10 * static_cast<double>(numbers[k]);
          }};
}

std::vector<double> drain(BatchFeed& feed, std::int64_t batches) {
  std::vector<double> seen;
  for (std::int64_t k = 0; k < batches; ++k) {
    const RowsView& batch = feed.next();
    for (std::int64_t r = 0; r < batch.rows(); ++r) {
      seen.push_back(batch.features.at((r + 1) * kWide - 1));
      EXPECT_EQ(batch.features.at(r * kWide), seen.back());
      EXPECT_EQ(batch.targets.at(r), 10 * seen.back());
    }
  }
  return seen;
}

TEST(BatchFeedThread, HandsOutTheSameFromEverySource) {
  const GeneratedRows function = wide();
  Tensor features(function.types().features), targets(*function.types().targets);
  for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, static_cast<double>(i / kWide));
  for (std::int64_t r = 0; r < kRows; ++r) targets.set(r, static_cast<double>(10 * r));
  const MemoryRows memory({.features = features, .targets = targets});
  for (const bool shuffle : {false, true}) {
    for (const std::int64_t batch : {3, 5, 10}) {
      const auto seen_of = [&](const RowSource& source, bool ahead) {
        BatchFeed feed(source, nullptr, {.batch = batch, .epochs = 3, .shuffle = shuffle, .seed = 4, .ahead = ahead});
        EXPECT_EQ(feed.ahead(), ahead && batch < 10 && (shuffle || &source == &function));
        return drain(feed, 3 * feed.batches_in_epoch());
      };
      const std::vector<double> expected = seen_of(memory, false);
      EXPECT_EQ(seen_of(memory, true), expected);
      EXPECT_EQ(seen_of(function, false), expected);
      EXPECT_EQ(seen_of(function, true), expected);
    }
  }
}

// L-BFGS uses all rows in every step.
TEST(BatchFeed, GathersTheOnlyBatchOnce) {
  std::atomic<int> calls = 0;
  const GeneratedRows rows({.features = {DType::f32, {4, 1}, {}}},
                           [&](std::span<const std::int64_t>, const RowBuffers&) { ++calls; });
  BatchFeed feed(rows, nullptr, {.batch = 100, .epochs = 5});
  for (int k = 0; k < 5; ++k) EXPECT_EQ(feed.next().rows(), 4);
  EXPECT_EQ(calls, 1);
}

// If a batch cannot be read, the next call tries it again, and no other batch is skipped.
TEST(BatchFeed, AsksAgainForABatchThatCouldNotBeHad) {
  int failures = 2;
  const GeneratedRows rows({.features = {DType::f32, {9, 1}, {}}},
                           [&](std::span<const std::int64_t> numbers, const RowBuffers& buffers) {
                             if (numbers.front() == 3 && failures-- > 0) throw std::runtime_error("not now");
                             auto* out = reinterpret_cast<float*>(buffers.features.data());
                             for (const std::int64_t number : numbers) *out++ = static_cast<float>(number);
                           });
  BatchFeed feed(rows, nullptr, {.batch = 3, .epochs = 2, .shuffle = false, .ahead = false});
  std::vector<double> first;
  while (first.size() < 6) {
    try {
      first.push_back(feed.next().features.at(0));
    } catch (const std::runtime_error&) {
      first.push_back(-1);
    }
  }
  EXPECT_EQ(first, (std::vector<double>{0, -1, -1, 3, 6, 0}));
}

// An error in the thread ahead is thrown to the owner when it needs the rows.
TEST(BatchFeedThread, TellsTheOwnerWhatWentWrong) {
  const GeneratedRows rows({.features = {DType::f32, {100, 6000}, {}}},
                           [](std::span<const std::int64_t> numbers, const RowBuffers&) {
                             if (numbers.front() >= 50) throw std::runtime_error("the disk is gone");
                           });
  for (const bool ahead : {false, true}) {
    BatchFeed feed(rows, nullptr, {.batch = 10, .shuffle = false, .ahead = ahead});
    for (int k = 0; k < 5; ++k) feed.next();
    EXPECT_THROW(feed.next(), std::runtime_error) << ahead;
    EXPECT_THROW(feed.next(), std::runtime_error) << "the same batch again";
  }
}

}  // namespace
}  // namespace hillock
