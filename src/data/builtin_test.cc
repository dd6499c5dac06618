// Compares the built-in sets with figures that scikit-learn 1.2.1 gives for its own copies: the number of rows, the
// first and last values, the class counts and the sum of all features.
#include <cmath>

#include "data/data_testing.h"

namespace hillock {
namespace {

struct Facts {
  std::string name;
  std::string type;
  std::vector<std::int64_t> class_counts;
  std::vector<double> first, last;  // some values of the first and last row
  double sum;
};

std::vector<Facts> known_facts() {
  return {
      {"digits",
       "f64[1797, 64]",
       {178, 182, 177, 183, 181, 182, 181, 179, 174, 180},
       {0, 0, 0.3125, 0.8125, 0.5625, 0.0625, 0, 0},
       {0, 0, 0.625, 0.875, 0.5, 0.0625, 0, 0},
       35107.375},
      {"iris", "f64[150, 4]", {50, 50, 50}, {5.1, 3.5, 1.4, 0.2}, {5.9, 3, 5.1, 1.8}, 2078.7},
      {"wdbc", "f64[569, 30]", {212, 357}, {17.99, 10.38, 122.8, 1001}, {7.76, 24.54, 47.92, 181}, 1056474.4596356},
      {"wine", "f64[178, 13]", {59, 71, 48}, {14.23, 1.71, 2.43, 15.6}, {14.13, 4.1, 2.74, 24.5}, 159975.295999},
  };
}

TEST(Builtin, AgreesWithScikitLearn) {
  for (const Facts& facts : known_facts()) {
    const Dataset set = load_builtin(facts.name, DType::f64);
    EXPECT_EQ(set.name, facts.name);
    EXPECT_EQ(set.features.type().to_string(), facts.type);
    std::vector<std::int64_t> counts(set.classes.size());
    for (const std::int32_t label : set.targets.values<std::int32_t>()) ++counts.at(static_cast<std::size_t>(label));
    EXPECT_EQ(counts, facts.class_counts) << facts.name;
    const std::span<const double> all = set.features.values<double>();
    const auto columns = static_cast<std::size_t>(set.feature_count());
    for (std::size_t i = 0; i < facts.first.size(); ++i) EXPECT_EQ(all[i], facts.first[i]) << facts.name << i;
    for (std::size_t i = 0; i < facts.last.size(); ++i) {
      EXPECT_EQ(all[all.size() - columns + i], facts.last[i]) << facts.name << i;
    }
    double sum = 0;
    for (const double value : all) sum += value;
    // Adding n positive numbers in two different orders gives results that differ by less than n roundings of the sum.
    EXPECT_NEAR(sum, facts.sum, facts.sum * static_cast<double>(all.size()) * 1.2e-16) << facts.name;
  }
}

TEST(Builtin, InfosMatchTheData) {
  std::vector<std::string> names;
  for (const BuiltinInfo& info : builtin_datasets()) {
    names.emplace_back(info.name);
    const Dataset set = load_builtin(info.name);
    EXPECT_EQ(set.rows(), info.rows);
    EXPECT_EQ(set.feature_count(), info.columns);
    EXPECT_EQ(static_cast<std::int64_t>(set.columns.size()), info.columns);
    EXPECT_EQ(static_cast<std::int64_t>(set.classes.size()), info.classes);
    EXPECT_EQ(set.task, info.task);
    EXPECT_EQ(set.scale, info.scale);
    EXPECT_EQ(set.sample_shape.elements(), info.columns);
    EXPECT_EQ(set.features.dtype(), DType::f32);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"digits", "iris", "wdbc", "wine", "xor"}));
}

TEST(Builtin, NamesOfColumnsAndClasses) {
  const Dataset wdbc = load_builtin("wdbc");
  EXPECT_EQ(wdbc.classes, (std::vector<std::string>{"malignant", "benign"}));
  EXPECT_EQ(wdbc.targets.at(0), 0);
  EXPECT_EQ(wdbc.columns.front(), "mean radius");
  EXPECT_EQ(wdbc.columns.back(), "worst fractal dimension");
  const Dataset digits = load_builtin("digits");
  EXPECT_EQ(digits.sample_shape, (Shape{8, 8}));
  EXPECT_EQ(digits.columns[9], "pixel_1_1");
  EXPECT_EQ(digits.classes[9], "9");
  EXPECT_EQ(load_builtin("iris").columns[3], "petal width (cm)");
  EXPECT_EQ(load_builtin("iris").target, "species");
  EXPECT_EQ(load_builtin("wine").columns[12], "proline");
}

TEST(Builtin, XorIsTheTableOfFourRows) {
  const Dataset builtin = load_data("xor").train;
  const Dataset table = parse("x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", {.target = "y"}).train;
  EXPECT_EQ(builtin.task, table.task);
  EXPECT_EQ(builtin.columns, table.columns);
  EXPECT_EQ(builtin.classes, table.classes);
  EXPECT_EQ(builtin.target, table.target);
  EXPECT_EQ(builtin.sample_shape, table.sample_shape);
  ASSERT_EQ(builtin.features.type(), table.features.type());
  ASSERT_EQ(builtin.targets.type(), table.targets.type());
  for (int i = 0; i < 8; ++i) EXPECT_EQ(builtin.features.at(i), table.features.at(i));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(builtin.targets.at(i), table.targets.at(i));
  const Dataset quantity = load_data("xor", {.task = Task::regression}).train;
  EXPECT_EQ(quantity.targets.type().to_string(), "f32[4, 1]");
}

TEST(Builtin, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of([] { load_builtin("digit"); }),
            "digit: is neither a file nor a built-in data set; did you mean \"digits\"? built in are digits, iris, "
            "wdbc, wine, xor");
  EXPECT_EQ(error_of([] { load_data("zzzzzzzz"); }),
            "zzzzzzzz: is neither a file nor a built-in data set; built in are digits, iris, wdbc, wine, xor");
  EXPECT_EQ(error_of([] { load_data("iris", {.target = "petal"}); }),
            "iris: its target is \"species\", not \"petal\"; leave --target out");
}

TEST(Builtin, ReadsForAModel) {
  const Dataset full = load_builtin("iris");
  const ReadOptions model = {.target = full.target,
                             .task = full.task,
                             .expected_columns = {full.columns[2]},
                             .expected_classes = {"virginica", "versicolor", "setosa"}};
  const Dataset one_column = load_data("iris", model).train;
  EXPECT_EQ(one_column.features.type().to_string(), "f32[150, 1]");
  EXPECT_EQ(one_column.features.at(0), full.features.at(2));
  EXPECT_EQ(one_column.targets.at(0), 2);
}

}  // namespace
}  // namespace hillock
