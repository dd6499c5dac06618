// A model's description of its columns agrees with the rows that it encodes.
#include "hillock/columns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "hillock/table.h"

namespace hillock {
namespace {

// A number with missing cells, a column of four categories, another number, and three categories.
Dataset mixed() {
  const double gap = NAN;
  Dataset data;
  data.task = Task::regression;
  data.target = "y";
  data.columns = {"age", "town", "size", "colour"};
  data.categories = {{}, {"a", "b", "c", "d"}, {}, {"blue", "green", "red"}};
  data.features = Tensor::from<double>({4, 4}, {1, 0, 10, 2, gap, 1, 20, 1, 3, 2, 40, gap, 5, 3, 30, 0});
  data.targets = Tensor::from<double>({4, 1}, {1, 2, 3, 6});
  data.sample_shape = Shape{4};
  return data;
}

TEST(ColumnsOf, TellWhatEachBecomesAndWhereItsInputsAre) {
  const Dataset data = mixed();
  const Model model = untrained_model({.dtype = DType::f64, .embed_above = 3, .net = "2"}, data);
  const std::vector<ColumnAccount> columns = columns_of(model);
  ASSERT_EQ(columns.size(), 5u);
  EXPECT_EQ(columns[0].name, "age");
  EXPECT_TRUE(columns[0].encoding.missing);
  EXPECT_EQ(columns[0].fill, 3);
  EXPECT_EQ(columns[0].scale, Scale::standard);
  EXPECT_TRUE(columns[1].encoding.is_embedded());
  EXPECT_EQ(columns[1].scale, Scale::none);
  EXPECT_EQ(columns[3].encoding.categories, (std::vector<std::string>{"blue", "green", "red"}));
  EXPECT_EQ(columns[4].name, "y");
  EXPECT_EQ(columns[4].role, ColumnRole::target);
  EXPECT_EQ(columns[4].offset, 3);

  const Tensor rows = model.prepare(data).features;
  std::int64_t inputs = 0;
  for (const ColumnAccount& column : columns) inputs += column.inputs + (column.embedded_input >= 0 ? 1 : 0);
  ASSERT_EQ(inputs, rows.shape()[1]);
  const auto cell = [&](std::int64_t row, std::int64_t input) { return rows.at(row * inputs + input); };
  EXPECT_EQ(cell(3, columns[0].first_input), (5 - columns[0].offset) * columns[0].factor);
  EXPECT_EQ(cell(1, columns[0].first_input + 1), 1) << "it is missing there";
  EXPECT_EQ(cell(2, columns[1].embedded_input), 2);
  EXPECT_EQ(cell(2, columns[2].first_input), (40 - columns[2].offset) * columns[2].factor);
  EXPECT_EQ(cell(0, columns[3].first_input + 2), 1) << "red";
  EXPECT_EQ(cell(2, columns[3].first_input + 3), 1) << "it is missing there";
}

TEST(ColumnsOf, ImagesHaveAnInputForEachPixel) {
  const Model model = untrained_model({.net = "2"}, load_builtin("digits"));
  const std::vector<ColumnAccount> columns = columns_of(model);
  ASSERT_EQ(columns.size(), 65u);
  EXPECT_EQ(columns[63].first_input, 63);
  EXPECT_EQ(columns[63].inputs, 1);
  EXPECT_EQ(columns[64].name, model.target);
  EXPECT_EQ(columns[64].scale, Scale::none) << "classes";
}

}  // namespace
}  // namespace hillock
