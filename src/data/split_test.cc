// Splits by group and by time, and folds: properties that must hold for all of them, checked on many random tables.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "data/data_testing.h"
#include "tests/golden.h"

namespace hillock {
namespace {

using Rows = std::vector<std::int64_t>;

// Random tables: 50 to 350 rows of two to five classes (one of them rare), in 3 to 40 groups, at as many times.
struct Table {
  explicit Table(std::uint64_t seed) {
    auto draw = [&, i = std::uint64_t{0}]() mutable { return golden_uniform(seed, i++); };
    const auto rows = static_cast<std::int64_t>(50 + 300 * draw());
    const auto classes = static_cast<int>(2 + 4 * draw());
    const double kinds = std::floor(3 + 38 * draw());
    set.features = Tensor(TensorType{DType::f32, {rows, 1}, {}});
    set.targets = Tensor(TensorType{DType::i32, {rows}, IntegerRange{0, classes}});
    for (int c = 0; c < classes; ++c) set.classes.push_back(std::to_string(c));
    for (std::int64_t row = 0; row < rows; ++row) {
      set.targets.set(row, row == 0 ? 0 : std::floor(1 + (classes - 1) * draw()));
      // Every group and time occurs; squaring makes some of them much larger than others.
      const double kind =
          static_cast<double>(row) < kinds ? static_cast<double>(row) : std::floor(kinds * draw() * draw());
      groups.push_back(static_cast<std::int32_t>(1000 - 7 * kind));
      order.push_back(kind / 8 - 2);
    }
  }
  Dataset set;
  std::vector<std::int32_t> groups;
  std::vector<double> order;
};

constexpr std::uint64_t kTables = 300;

void expect_disjoint_and_complete(const Split& split, std::int64_t rows) {
  Rows all;
  for (const Rows* indices : {&split.train, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(indices->begin(), indices->end()));
    all.insert(all.end(), indices->begin(), indices->end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(static_cast<std::int64_t>(all.size()), rows);
  for (std::int64_t row = 0; row < rows; ++row) ASSERT_EQ(all[static_cast<std::size_t>(row)], row);
}

// The number of the split, 0 to 2, that holds each value's rows; fails if two splits hold rows of one value.
template <class T>
std::map<T, int> split_numbers(const Split& split, const std::vector<T>& values) {
  std::map<T, int> numbers;
  int number = 0;
  for (const Rows* indices : {&split.train, &split.validation, &split.test}) {
    for (const std::int64_t row : *indices) {
      const T value = values[static_cast<std::size_t>(row)];
      EXPECT_EQ(numbers.try_emplace(value, number).first->second, number) << value << " straddles";
    }
    ++number;
  }
  return numbers;
}

template <class T>
double most_rows(const std::vector<T>& values) {
  std::map<T, double> counts;
  double most = 0;
  for (const T value : values) most = std::max(most, ++counts[value]);
  return most;
}

bool same(const Split& a, const Split& b) {
  return a.train == b.train && a.validation == b.validation && a.test == b.test;
}

TEST(SplitByGroup, KeepsGroupsTogetherNearTheFractions) {
  std::size_t differ = 0;
  for (std::uint64_t seed = 0; seed < kTables; ++seed) {
    const Table table(seed);
    const SplitOptions options{.validation = 0.2, .test = 0.15, .seed = seed, .groups = table.groups};
    const Split split = split_rows(table.set, options);
    expect_disjoint_and_complete(split, table.set.rows());
    split_numbers(split, table.groups);
    const double rows = static_cast<double>(table.set.rows()), most = most_rows(table.groups);
    EXPECT_FALSE(split.train.empty());
    EXPECT_FALSE(split.validation.empty());
    EXPECT_FALSE(split.test.empty());
    EXPECT_LE(static_cast<double>(split.test.size()), 0.15 * rows + most + 1);
    EXPECT_LE(static_cast<double>(split.validation.size()), 0.2 * rows + most + 1);
    EXPECT_TRUE(same(split, split_rows(table.set, options)));
    SplitOptions other = options;
    other.seed = seed + 1;
    if (!same(split, split_rows(table.set, other))) ++differ;
  }
  EXPECT_GT(differ, kTables * 9 / 10);
}

// Many small groups fill a split exactly, and the names of the groups do not matter.
TEST(SplitByGroup, PairsFillTheSplitsWhateverTheirNames) {
  const Table table(1);
  std::vector<std::int32_t> pairs, renamed;
  for (std::int64_t row = 0; row < table.set.rows(); ++row) {
    pairs.push_back(static_cast<std::int32_t>(row / 2));
    renamed.push_back(static_cast<std::int32_t>(-(row / 2) * 77));
  }
  const double rows = static_cast<double>(table.set.rows());
  const Split split = split_rows(table.set, {.validation = 0.2, .test = 0.3, .seed = 5, .groups = pairs});
  EXPECT_NEAR(static_cast<double>(split.test.size()), 0.3 * rows, 1.5);
  EXPECT_NEAR(static_cast<double>(split.validation.size()), 0.2 * rows, 1.5);
  EXPECT_TRUE(same(split, split_rows(table.set, {.validation = 0.2, .test = 0.3, .seed = 5, .groups = renamed})));
  const Split test_only = split_rows(table.set, {.test = 0.3, .seed = 5, .groups = pairs});
  EXPECT_TRUE(test_only.validation.empty());
  EXPECT_FALSE(test_only.test.empty());
}

TEST(SplitByTime, TheFutureIsTheTest) {
  for (std::uint64_t seed = 0; seed < kTables; ++seed) {
    const Table table(seed);
    const Split split = split_rows(table.set, {.validation = 0.2, .test = 0.15, .order = table.order});
    expect_disjoint_and_complete(split, table.set.rows());
    int last = 0;
    std::set<int> used;
    for (const auto& [time, number] : split_numbers(split, table.order)) {  // by time
      EXPECT_GE(number, last) << "an earlier split after a later one";
      last = number;
      used.insert(number);
    }
    EXPECT_EQ(used.size(), 3u);
    const double rows = static_cast<double>(table.set.rows()), most = most_rows(table.order);
    EXPECT_LE(std::abs(static_cast<double>(split.test.size()) - 0.15 * rows), most + 1);
    EXPECT_TRUE(same(split, split_rows(table.set, {.validation = 0.2, .test = 0.15, .seed = 9, .order = table.order})))
        << "no seed in it";
  }
}

TEST(SplitByTime, DifferentTimesAreCutToTheRow) {
  const Table table(2);
  const std::int64_t rows = table.set.rows();
  std::vector<double> backwards;
  for (std::int64_t row = 0; row < rows; ++row) backwards.push_back(-static_cast<double>(row));
  const Split split = split_rows(table.set, {.validation = 0.25, .test = 0.1, .order = backwards});
  const auto test = static_cast<std::size_t>(std::llround(static_cast<double>(rows) * 0.1));
  const auto validation = static_cast<std::size_t>(std::llround(static_cast<double>(rows) * 0.25));
  ASSERT_EQ(split.test.size(), test);
  ASSERT_EQ(split.validation.size(), validation);
  EXPECT_EQ(split.test.front(), 0);
  EXPECT_EQ(split.validation.front(), static_cast<std::int64_t>(test));
  EXPECT_EQ(split.train.back(), rows - 1);
}

TEST(Folds, TestEachRowOnceWithClassesSpreadEvenly) {
  for (std::uint64_t seed = 0; seed < kTables; ++seed) {
    const Table table(seed);
    const std::int64_t count = 2 + static_cast<std::int64_t>(seed % 9);
    const SplitOptions options{.validation = 0.2, .seed = seed};
    const std::vector<Split> splits = folds(table.set, count, options);
    ASSERT_EQ(static_cast<std::int64_t>(splits.size()), count);
    std::vector<int> tested(static_cast<std::size_t>(table.set.rows()));
    std::size_t least = tested.size(), most = 0;
    // the smallest and the largest number of rows in a fold
    std::map<double, std::pair<std::int64_t, std::int64_t>> by_class;
    for (const Split& split : splits) {
      expect_disjoint_and_complete(split, table.set.rows());
      least = std::min(least, split.test.size());
      most = std::max(most, split.test.size());
      std::map<double, std::int64_t> counts;
      for (std::size_t c = 0; c < table.set.classes.size(); ++c) counts[static_cast<double>(c)] = 0;
      for (const std::int64_t row : split.test) {
        ++tested[static_cast<std::size_t>(row)];
        ++counts[table.set.targets.at(row)];
      }
      for (const auto& [label, rows] : counts) {
        const auto [at, is_new] = by_class.try_emplace(label, rows, rows);
        at->second = {std::min(at->second.first, rows), std::max(at->second.second, rows)};
      }
      const double rest = static_cast<double>(table.set.rows()) - static_cast<double>(split.test.size());
      EXPECT_EQ(static_cast<long long>(split.validation.size()), std::llround(rest * 0.2));
    }
    for (const int times : tested) EXPECT_EQ(times, 1);
    EXPECT_LE(most - least, 1u);
    for (const auto& [label, range] : by_class) EXPECT_LE(range.second - range.first, 1) << label;
    const std::vector<Split> again = folds(table.set, count, options);
    for (std::size_t i = 0; i < splits.size(); ++i) EXPECT_TRUE(same(splits[i], again[i]));
    EXPECT_FALSE(same(splits[0], folds(table.set, count, {.validation = 0.2, .seed = seed + 1})[0]));
  }
}

TEST(Folds, KeepGroupsTogether) {
  std::uint64_t validations = 0;
  for (std::uint64_t seed = 0; seed < kTables; ++seed) {
    const Table table(seed);
    const std::int64_t count = 2 + static_cast<std::int64_t>(seed % 2);
    // One group may hold so many rows that the training rows of a fold are that group alone.
    bool validated = true;
    for (const Split& split : folds(table.set, count, {.seed = seed, .groups = table.groups})) {
      std::set<std::int32_t> left;
      for (const std::int64_t row : split.train) left.insert(table.groups[static_cast<std::size_t>(row)]);
      validated = validated && left.size() > 1;
    }
    validations += validated ? 1 : 0;
    const SplitOptions options{.validation = validated ? 0.2 : 0, .seed = seed, .groups = table.groups};
    std::vector<int> tested(static_cast<std::size_t>(table.set.rows()));
    std::size_t least = tested.size(), most = 0;
    for (const Split& split : folds(table.set, count, options)) {
      expect_disjoint_and_complete(split, table.set.rows());
      split_numbers(split, table.groups);
      for (const std::int64_t row : split.test) ++tested[static_cast<std::size_t>(row)];
      least = std::min(least, split.test.size());
      most = std::max(most, split.test.size());
      EXPECT_FALSE(split.train.empty());
      EXPECT_EQ(split.validation.empty(), !validated);
    }
    for (const int times : tested) EXPECT_EQ(times, 1);
    EXPECT_LE(static_cast<double>(most - least), most_rows(table.groups));
  }
  EXPECT_GT(validations, kTables * 3 / 4);
}

TEST(Folds, AsManyAsRowsLeaveOneOut) {
  const Dataset xor_set = load_builtin("xor");
  const std::vector<Split> splits = folds(xor_set, 4, {});
  for (const Split& split : splits) {
    EXPECT_EQ(split.test.size(), 1u);
    EXPECT_EQ(split.train.size(), 3u);
  }
}

TEST(SplitOptions, RefusesWhatDoesNotFit) {
  const Dataset iris = load_builtin("iris");
  const std::vector<std::int32_t> two(150, 1), few(149, 1);
  std::vector<std::int32_t> pair = two;
  pair[3] = 2;
  std::vector<double> times(150, 1.0), broken(150, 1.0);
  times[7] = 0;
  broken[9] = std::numeric_limits<double>::quiet_NaN();
  const auto refusal = [&](const SplitOptions& options) { return error_of([&] { split_rows(iris, options); }); };
  EXPECT_EQ(refusal({.test = 0.1, .groups = few}), "split: 149 groups for 150 rows; give one for each");
  EXPECT_EQ(
      refusal({.validation = 0.1, .test = 0.1, .groups = pair}),
      "split: 2 groups for 3 splits; each split needs a group of its own: set less aside, or group by something else");
  EXPECT_EQ(refusal({.test = 0.1, .groups = pair}), "");
  EXPECT_EQ(refusal({.validation = 0.1, .test = 0.1, .order = times}),
            "split: 2 different times for 3 splits; each split needs times of its own: set less aside, or order by "
            "something finer");
  EXPECT_EQ(refusal({.test = 0.1, .order = times}), "");
  EXPECT_EQ(refusal({.test = 0.1, .order = broken}),
            "split: row 9 (from 0) has the time nan; give a finite number for each row");
  EXPECT_EQ(refusal({.test = 0.1, .groups = pair, .order = times}),
            "split: rows are split by group or by time; give one of them");
  const auto of_folds = [&](std::int64_t count, const SplitOptions& options) {
    return error_of([&] { folds(iris, count, options); });
  };
  EXPECT_EQ(of_folds(1, {}), "folds: 1 fold of 150 rows; ask for 2 to as many as there are rows");
  EXPECT_NE(of_folds(151, {}), "");
  EXPECT_EQ(of_folds(3, {.groups = pair}),
            "folds: 2 groups for 3 folds; ask for fewer folds, or group by something else");
  EXPECT_EQ(of_folds(3, {.test = 0.1}),
            "folds: each row is tested once, so they take no fraction for the test and no times; leave them out");
}

}  // namespace
}  // namespace hillock
