// Datasets made by hand: inconsistent ones are refused, and nothing is read beyond their rows.
#include "data/dataset_check.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/encoding.h"

namespace hillock {
namespace {

// Four rows with a numeric and a categorical column, and classes as targets.
Dataset good() {
  Dataset data;
  data.name = "made";
  data.columns = {"age", "job"};
  data.categories = {{}, {"clerk", "cook"}};
  data.features = Tensor::from<float>({4, 2}, {30, 0, 31, 1, 32, 2, 33, std::numeric_limits<float>::quiet_NaN()});
  data.targets = Tensor::from<std::int32_t>({4}, {0, 1, 1, 0});
  data.classes = {"no", "yes"};
  data.target = "ill";
  return data;
}

void use(const Dataset& data) {
  (void)split_rows(data, 0.2, 0.2, 1);
  (void)folds(data, 2, {});
  (void)take_rows(data, std::vector<std::int64_t>{0, 3});
  (void)balanced_class_weights(data);
  (void)row_weights(data, std::vector<double>{1, 2});
}

TEST(DatasetsMadeByHand, AreUsedWhereTheyFit) {
  EXPECT_EQ(error_of([] { use(good()); }), "");
  EXPECT_EQ(error_of([] { (void)Encoding::fit(good()); }), "");
}

TEST(DatasetsMadeByHand, AreRefusedWhereRowsDoNotFit) {
  const auto refused = [](const char* what, const std::string& says, auto change) {
    Dataset data = good();
    change(data);
    const std::vector<std::int64_t> rows{0, 3};
    const std::vector<double> by_class(data.classes.size(), 1);
    for (const std::string& message :
         {error_of([&] { (void)split_rows(data, 0.2, 0.2, 1); }), error_of([&] { (void)folds(data, 2, {}); }),
          error_of([&] { (void)take_rows(data, rows); }), error_of([&] { (void)balanced_class_weights(data); }),
          error_of([&] { (void)row_weights(data, by_class); }), error_of([&] { (void)Encoding::fit(data); }),
          error_of([&] { (void)fit_scaler(Scale::standard, data); })}) {
      EXPECT_NE(message.find(says), std::string::npos) << what << ": " << message;
    }
  };
  refused("fewer targets", "4 rows have targets i32[3]", [](Dataset& d) {
    d.targets = Tensor::from<std::int32_t>({3}, {0, 1, 1});
  });
  refused("targets of another type", "4 rows have targets i64[4]", [](Dataset& d) {
    d.targets = Tensor::from<std::int64_t>({4}, {0, 1, 1, 0});
  });
  refused("a class that is none", "row 2 (from 0) has the class 2 of 2", [](Dataset& d) { d.targets.set(2, 2); });
  refused("a negative class", "row 2 (from 0) has the class -1 of 2", [](Dataset& d) { d.targets.set(2, -1); });
  refused("fewer weights", "4 rows have weights f32[2]", [](Dataset& d) {
    d.weights = Tensor::from<float>({2}, {1, 1});
  });
  refused("fewer groups", "there are 3 groups for 4 rows", [](Dataset& d) { d.groups = {1, 2, 3}; });
  refused("more times", "there are 5 times for 4 rows", [](Dataset& d) { d.times = {1, 2, 3, 4, 5}; });
  refused("features of one axis", "the features are f32[8]", [](Dataset& d) {
    d.features = Tensor(TensorType{DType::f32, {8}, {}});
  });
}

TEST(DatasetsMadeByHand, AreRefusedWhereColumnsDoNotFit) {
  const auto refused = [](const std::string& says, auto change) {
    Dataset data = good();
    change(data);
    const Encoding encoding = Encoding::fit(good());
    for (const std::string& message :
         {error_of([&] { (void)Encoding::fit(data); }), error_of([&] { (void)fit_scaler(Scale::standard, data); }),
          error_of([&] { (void)renumber_categories(data, encoding); })}) {
      EXPECT_NE(message.find(says), std::string::npos) << message;
    }
  };
  refused("2 columns have 3 names", [](Dataset& d) { d.columns = {"age", "job", "x"}; });
  refused("1 lists of categories", [](Dataset& d) { d.categories = {{}}; });
  refused("row 1 (from 0) holds 3", [](Dataset& d) { d.features.set(3, 3); });
  refused("row 1 (from 0) holds -1", [](Dataset& d) { d.features.set(3, -1); });
  refused("row 1 (from 0) holds 0.5", [](Dataset& d) { d.features.set(3, 0.5); });
}

TEST(DatasetsMadeByHand, AreRenumberedOnlyByAnEncodingOfTheirColumns) {
  Encoding encoding = Encoding::fit(good());
  encoding.columns.push_back({.categories = {"a", "b"}});
  encoding.fill.push_back(0);
  EXPECT_NE(error_of([&] { (void)renumber_categories(good(), encoding); }).find("2 columns and the encoding 3"),
            std::string::npos);
}

TEST(DatasetsMadeByHand, ColumnsAreTakenInTheOrderAskedFor) {
  const Dataset turned = take_columns(good(), std::vector<std::size_t>{1, 0});
  EXPECT_EQ(turned.columns, (std::vector<std::string>{"job", "age"}));
  EXPECT_EQ(turned.categories[0], (std::vector<std::string>{"clerk", "cook"}));
  EXPECT_EQ(turned.features.at(2), 1);
  EXPECT_EQ(turned.features.at(3), 31);
  EXPECT_NE(error_of([] { (void)take_columns(good(), std::vector<std::size_t>{2}); }), "");
  EXPECT_NE(error_of([] { (void)drop_columns(good(), std::vector<std::size_t>{2}); }), "");
}

}  // namespace
}  // namespace hillock
