// Class weights compared with scikit-learn's figures, and their combination with row weights.
#include <cmath>

#include "data/data_testing.h"

namespace hillock {
namespace {

// Six rows of class a, three of b and one of c, in this order.
Dataset ten_rows() {
  std::string table = "x,t\n";
  for (int i = 0; i < 10; ++i) table += std::to_string(i) + (i < 6 ? ",a\n" : i < 9 ? ",b\n" : ",c\n");
  return parse(table).train;
}

// sklearn.utils.class_weight.compute_class_weight("balanced", classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2])
TEST(ClassWeights, BalancedAreScikitLearns) {
  const std::vector<double> weights = balanced_class_weights(ten_rows());
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_DOUBLE_EQ(weights[0], 0.5555555555555556);
  EXPECT_DOUBLE_EQ(weights[1], 1.1111111111111112);
  EXPECT_DOUBLE_EQ(weights[2], 3.3333333333333335);
}

TEST(ClassWeights, BalancedRowsOfEachClassWeighTheSame) {
  Dataset set = ten_rows();
  for (const bool weighted : {false, true}) {
    if (weighted) {
      set.weights = Tensor(TensorType{DType::f32, {10}, {}});
      for (std::int64_t row = 0; row < 10; ++row) set.weights.set(row, static_cast<double>(row * row % 7));
    }
    const Tensor rows = row_weights(set, balanced_class_weights(set));
    std::vector<double> sums(3);
    for (std::int64_t row = 0; row < 10; ++row) sums[static_cast<std::size_t>(set.targets.at(row))] += rows.at(row);
    EXPECT_NEAR(sums[1] / sums[0], 1, 1e-6);
    EXPECT_NEAR(sums[2] / sums[0], 1, 1e-6);
  }
}

TEST(ClassWeights, AClassWithoutRowsTakesNoPart) {
  const std::int64_t a_and_b[] = {0, 1, 2, 6};
  const std::vector<double> weights = balanced_class_weights(take_rows(ten_rows(), a_and_b));
  EXPECT_DOUBLE_EQ(weights[0], 4.0 / (2 * 3));
  EXPECT_DOUBLE_EQ(weights[1], 4.0 / (2 * 1));
  EXPECT_EQ(weights[2], 1);
}

TEST(ClassWeights, MultiplyTheWeightsOfRows) {
  Dataset set = ten_rows();
  set.weights = Tensor(TensorType{DType::f32, {10}, {}});
  for (std::int64_t row = 0; row < 10; ++row) set.weights.set(row, static_cast<double>(row + 1));
  const std::vector<double> by_class{1, 4, 0};
  const Tensor rows = row_weights(set, by_class);
  for (std::int64_t row = 0; row < 10; ++row)
    EXPECT_EQ(rows.at(row), row < 6 ? static_cast<double>(row + 1) / 4 : row < 9 ? static_cast<double>(row + 1) : 0);
  const std::vector<double> huge{1e300, 2e300, 1};
  EXPECT_EQ(row_weights(set, huge).at(0), 0.5) << "only ratios matter";
}

TEST(ClassWeights, RowsKeepTheirWeightsWhenTaken) {
  Dataset set = ten_rows();
  EXPECT_FALSE(set.has_weights());
  const std::int64_t rows[] = {9, 2, 9};
  EXPECT_FALSE(take_rows(set, rows).has_weights());
  set.weights = Tensor(TensorType{DType::f32, {10}, {}});
  for (std::int64_t row = 0; row < 10; ++row) set.weights.set(row, static_cast<double>(row));
  const Dataset taken = take_rows(set, rows);
  EXPECT_EQ(taken.weights.type().to_string(), "f32[3]");
  EXPECT_EQ(taken.weights.at(0), 9);
  EXPECT_EQ(taken.weights.at(1), 2);
}

TEST(ClassWeights, RefuseWhatDoesNotFit) {
  const Dataset set = ten_rows();
  const std::vector<double> two{1, 2}, negative{1, -2, 3}, zeros{0, 0, 0}, nothing{1, std::nan(""), 1};
  EXPECT_EQ(error_of([&] { row_weights(set, two); }), "class weights: 2 for 3 classes; give one for each");
  EXPECT_EQ(error_of([&] { row_weights(set, negative); }),
            "class weights: class \"b\" has the weight -2; weights must be finite and at least 0");
  EXPECT_NE(error_of([&] { row_weights(set, nothing); }), "");
  EXPECT_EQ(error_of([&] { row_weights(set, zeros); }),
            "class weights: every class has the weight 0; at least one must count");
  EXPECT_EQ(error_of([&] { balanced_class_weights(parse("x,t\n1,1.5\n2,2.5\n3,0.5\n").train); }),
            "class weights: the target \"t\" has no classes; give rows with class labels");
}

}  // namespace
}  // namespace hillock
