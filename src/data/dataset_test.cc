#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "data/data_testing.h"
#include "data/encoding_oracle.h"

namespace hillock {
namespace {

using Rows = std::vector<std::int64_t>;

// All rows of the three splits, in order.
Rows all_rows(const Split& split) {
  Rows rows;
  for (const Rows* indices : {&split.train, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(indices->begin(), indices->end()));
    rows.insert(rows.end(), indices->begin(), indices->end());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

Rows first_rows(std::int64_t count) {
  Rows rows;
  for (std::int64_t row = 0; row < count; ++row) rows.push_back(row);
  return rows;
}

TEST(Names, OfTasksAndScales) {
  EXPECT_EQ(name_of(ColumnRole::left_out), "left out");
  EXPECT_EQ(name_of(task_from_name("regression")), "regression");
  EXPECT_EQ(name_of(scale_from_name("minmax")), "minmax");
  EXPECT_EQ(error_of([] { task_from_name("x"); }), "task: \"x\" is not a task; use classification or regression");
  EXPECT_EQ(error_of([] { scale_from_name("x"); }), "scale: \"x\" is not a scale; use standard, minmax or none");
}

TEST(Split, SplitsAreDisjointCompleteAndStratified) {
  const Dataset iris = load_builtin("iris");
  const Split split = split_rows(iris, 0.15, 0.15, 7);
  EXPECT_EQ(split.validation.size(), 23u);  // round(22.5)
  EXPECT_EQ(split.test.size(), 23u);
  EXPECT_EQ(all_rows(split), first_rows(150));
  for (const Rows* indices : {&split.validation, &split.test}) {
    std::vector<int> counts(3);
    for (const std::int64_t row : *indices)
      ++counts[static_cast<std::size_t>(row / 50)];  // the file has 50 rows of each class, in order
    for (const int count : counts) EXPECT_TRUE(count == 7 || count == 8) << count;
  }
}

TEST(Split, DependsOnTheSeedAlone) {
  const Dataset wdbc = load_builtin("wdbc");
  const Split a = split_rows(wdbc, 0.2, 0.1, 1);
  const Split b = split_rows(wdbc, 0.2, 0.1, 1);
  const Split c = split_rows(wdbc, 0.2, 0.1, 2);
  EXPECT_EQ(a.test, b.test);
  EXPECT_EQ(a.validation, b.validation);
  EXPECT_NE(a.test, c.test);
  // A Python program that follows the same rule gives the same rows. Drawing in another order would change what every
  // seed means.
  EXPECT_EQ(Rows(a.test.begin(), a.test.begin() + 5), (Rows{12, 18, 41, 52, 53}));
}

TEST(Split, SmallDataStayWhole) {
  const Split split = split_rows(load_builtin("xor"), 0.15, 0.15, 0);
  EXPECT_EQ(split.train, first_rows(4));
  EXPECT_TRUE(split.validation.empty());
  EXPECT_TRUE(split.test.empty());
}

TEST(Split, EveryClassStaysInTrain) {
  std::string table = "x,t\n";
  for (int i = 0; i < 60; ++i) table += std::to_string(i) + (i < 2 ? ",rare\n" : i == 2 ? ",once\n" : ",common\n");
  const Dataset set = parse(table).train;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = split_rows(set, 0.4, 0.4, seed);
    EXPECT_EQ(split.validation.size(), 24u);
    EXPECT_EQ(split.test.size(), 24u);
    std::set<double> classes;
    for (const std::int64_t row : split.train) classes.insert(set.targets.at(row));
    EXPECT_EQ(classes.size(), 3u);
  }
}

TEST(Split, RefusesFractions) {
  const Dataset iris = load_builtin("iris");
  EXPECT_EQ(error_of([&] { split_rows(iris, -0.1, 0.1, 0); }),
            "split: fractions -0.1 for validation and 0.1 for test; both must be at least 0 and their sum below 1");
  EXPECT_NE(error_of([&] { split_rows(iris, 0.5, 0.5, 0); }), "");
  EXPECT_NE(error_of([&] { split_rows(iris, std::nan(""), 0, 0); }), "");
}

TEST(TakeRows, CopiesRowsInOrder) {
  const Dataset iris = load_builtin("iris");
  const Rows rows = {149, 0, 149};
  const Dataset taken = take_rows(iris, rows);
  EXPECT_EQ(taken.features.type().to_string(), "f32[3, 4]");
  EXPECT_EQ(taken.targets.type().to_string(), "i32[3] in [0, 3)");
  EXPECT_EQ(taken.features.at(0), iris.features.at(149 * 4));
  EXPECT_EQ(taken.features.at(4), iris.features.at(0));
  EXPECT_EQ(taken.targets.at(2), 2);
  EXPECT_EQ(taken.classes, iris.classes);
  EXPECT_EQ(take_rows(iris, {}).rows(), 0);
  const Rows outside = {150};
  EXPECT_EQ(error_of([&] { take_rows(iris, outside); }),
            "take rows: row 150 of \"iris\", which has 150 rows; rows count from 0");
}

TEST(Scaler, StandardGivesMeanZeroAndVarianceOne) {
  const Tensor values = Tensor::from<double>({4, 2}, {1, 5, 2, 5, 3, 5, 4, 5});
  const Scaler scaler = Scaler::fit(Scale::standard, values);
  EXPECT_EQ(scaler.offset, (std::vector<double>{2.5, 5}));
  EXPECT_EQ(scaler.factor[0], 1 / std::sqrt(1.25));
  EXPECT_EQ(scaler.factor[1], 1);
  Tensor scaled = values;
  oracle::scale(scaler, scaled);
  EXPECT_EQ(scaled.at(0), -1.5 * (1 / std::sqrt(1.25)));
  for (int row = 0; row < 4; ++row) EXPECT_EQ(scaled.at(2 * row + 1), 0);
  const Tensor standardized = scaled;
  oracle::unscale(scaler, scaled);
  for (int i = 0; i < 8; ++i) {
    EXPECT_DOUBLE_EQ(scaled.at(i), values.at(i));
    EXPECT_EQ(scaler.undo(standardized.at(i), static_cast<std::size_t>(i % 2)), scaled.at(i)) << "one number";
  }
}

TEST(Scaler, LearnsFromTheGivenRowsOnly) {
  const Tensor values = Tensor::from<float>({3, 1}, {0.f, 10.f, 1000.f});
  const Rows rows = {0, 1};
  const Scaler scaler = Scaler::fit(Scale::minmax, values, rows);
  EXPECT_EQ(scaler.offset[0], 0);
  EXPECT_EQ(scaler.factor[0], 0.1);
  Tensor scaled = values;
  oracle::scale(scaler, scaled);
  EXPECT_FLOAT_EQ(static_cast<float>(scaled.at(2)), 100.f);
}

// The mean_ and scale_ that scikit-learn's StandardScaler gives for the first and fourth column of wdbc.
TEST(Scaler, AgreesWithScikitLearn) {
  const Scaler scaler = Scaler::fit(Scale::standard, load_builtin("wdbc", DType::f64).features);
  EXPECT_NEAR(scaler.offset[0], 14.127291739894563, 1e-12 * 14);
  EXPECT_NEAR(1 / scaler.factor[0], 3.5209507607110626, 1e-12 * 4);
  EXPECT_NEAR(scaler.offset[3], 654.8891036906857, 1e-12 * 655);
  EXPECT_NEAR(1 / scaler.factor[3], 351.6047540632298, 1e-12 * 352);
}

TEST(Scaler, NoneChangesNothing) {
  Tensor values = Tensor::from<float>({1, 2}, {3.f, 4.f});
  const Scaler scaler = Scaler::fit(Scale::none, values);
  EXPECT_TRUE(scaler.offset.empty());
  oracle::scale(scaler, values);
  EXPECT_EQ(values.at(1), 4);
  EXPECT_EQ(scaler.undo(4, 1), 4);
}

TEST(Scaler, AConstantBecomesExactlyZero) {
  // The computed mean of ten numbers 0.1 is not exactly 0.1.
  Tensor values(TensorType{DType::f64, Shape{10, 1}, {}});
  for (int i = 0; i < 10; ++i) values.set(i, 0.1);
  oracle::scale(Scaler::fit(Scale::standard, values), values);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(values.at(i), 0);
}

TEST(Scaler, RefusesWhatItCannotScale) {
  Tensor values = Tensor::from<double>({2, 1}, {-1e300, 1e300});
  EXPECT_EQ(error_of([&] { Scaler::fit(Scale::standard, values); }),
            "scale: the values of column 1 (-1e+300 to 1e+300) are too large or too close to be scaled; choose none");
  Tensor none(TensorType{DType::f64, Shape{0, 1}, {}});
  EXPECT_EQ(error_of([&] { Scaler::fit(Scale::minmax, none); }),
            "scale: there are no rows to learn from; give at least one");
  Tensor integers(TensorType{DType::i32, Shape{2}, {}});
  EXPECT_EQ(error_of([&] { Scaler::fit(Scale::minmax, integers); }),
            "scale: needs a float tensor [rows, columns], got i32[2]");
}

}  // namespace
}  // namespace hillock
