// Encoding of categories and of missing cells.
#include "hillock/encoding.h"

#include <cmath>
#include <limits>

#include "core/tensor_testing.h"
#include "data/data_testing.h"
#include "data/encoding_oracle.h"
#include "hillock/nn.h"

namespace hillock {
namespace {

using Texts = std::vector<std::string>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Dataset table() {
  return parse("age,job,t\n30,cook,0\n?,clerk,1\n50,?,0\n70,cook,1\n,smith,1\n", {.target = "t", .dtype = DType::f64})
      .train;
}

TEST(Encoding, LearnsFromTrainingRowsOnly) {
  const std::vector<std::int64_t> rows{0, 1, 2, 3};
  const Encoding encoding = Encoding::fit(take_rows(table(), rows));
  EXPECT_EQ(encoding.columns[1].categories, (Texts{"clerk", "cook"}));  // smith comes later
  EXPECT_TRUE(encoding.columns[0].missing);
  EXPECT_TRUE(encoding.columns[1].missing);
  EXPECT_EQ(encoding.fill[0], 50);
  EXPECT_EQ(encoding.inputs(2), 5);
}

TEST(Encoding, GivesEachCategoryAnInput) {
  const Dataset all = table();
  const std::vector<std::int64_t> rows{0, 1, 2, 3};
  const Dataset train = take_rows(all, rows);
  const Encoding encoding = Encoding::fit(train);
  const Scaler scaler = fit_scaler(Scale::minmax, train);
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor encoded = oracle::encoded(encoding, scaler, renumber_categories(all, encoding), dtype);
    EXPECT_EQ(encoded.shape(), (Shape{5, 5}));
    EXPECT_EQ(elements_of(encoded), (std::vector<double>{0,   0, 0, 1, 0,    // 30, cook
                                                         0.5, 1, 1, 0, 0,    // missing, clerk
                                                         0.5, 0, 0, 0, 1,    // 50, missing
                                                         1,   0, 0, 1, 0,    // 70, cook
                                                         0.5, 1, 0, 0, 0}))  // missing, smith: other
        << name_of(dtype);
  }
}

TEST(Encoding, PutsNumbersOfEmbeddedCategoriesLast) {
  const Dataset all = table();
  const std::vector<std::int64_t> rows{0, 1, 2, 3};
  const Dataset train = take_rows(all, rows);
  const Encoding encoding = Encoding::fit(train, {.embed_above = 1});
  EXPECT_EQ(encoding.inputs(2), 4);
  EXPECT_EQ(encoding.embeddings(), (std::vector<nn::Embedding>{{.categories = 2, .width = 2}}));  // 1.6 · 2^0.56 = 2.4
  EXPECT_TRUE(Encoding::fit(train, {.embed_above = 2}).embeddings().empty());
  const Tensor encoded =
      oracle::encoded(encoding, fit_scaler(Scale::minmax, train), renumber_categories(all, encoding), DType::f32);
  EXPECT_EQ(elements_of(encoded), (std::vector<double>{0,   0, 0, 1,     // 30, cook
                                                       0.5, 1, 0, 0,     // missing, clerk
                                                       0.5, 0, 1, 2,     // 50, missing: the number after the last
                                                       1,   0, 0, 1,     // 70, cook
                                                       0.5, 1, 0, 2}));  // missing, smith: other
}

TEST(Encoding, PlainNumbersAreScaledAsBefore) {
  const Dataset data = load_builtin("wdbc");
  const Encoding encoding = Encoding::fit(data);
  const Scaler scaler = fit_scaler(Scale::standard, data);
  Tensor scaled = data.features;
  oracle::scale(scaler, scaled);
  EXPECT_EQ(elements_of(oracle::encoded(encoding, scaler, data.features, DType::f32)), elements_of(scaled));
}

TEST(Scaler, MissingValuesTeachNothing) {
  const Tensor values = Tensor::from<double>(Shape{4, 2}, std::vector<double>{1, kNaN, kNaN, kNaN, 3, kNaN, 5, kNaN});
  const Scaler scaler = Scaler::fit(Scale::standard, values);
  EXPECT_EQ(scaler.offset, (std::vector<double>{3, 0}));
  EXPECT_DOUBLE_EQ(scaler.factor[0], 1 / std::sqrt(8.0 / 3));
  EXPECT_EQ(scaler.factor[1], 1);
}

}  // namespace
}  // namespace hillock
