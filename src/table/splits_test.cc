#include "table/splits.h"

#include <cmath>

#include "data/data_testing.h"
#include "data/npz_testing.h"

namespace hillock {
namespace {

TEST(Splits, ValidationRowsOfTheDataReplaceTheFraction) {
  const TestDirectory directory;
  std::vector<double> x, y;
  for (int i = 0; i < 60; ++i) {
    x.push_back(i);
    y.push_back(2 * i);
  }
  const std::string path = directory.write("a.npz", npz({{"x_train", array("(60, 1)", x)},
                                                         {"y_train", array("(60,)", y)},
                                                         {"x_val", array("(2, 1)", {7, 8})},
                                                         {"y_val", array("(2,)", {9, 10})}}));
  LoadedSplits loaded = read_splits(path, {.test = 0.0});
  draw_splits({.test = 0.0}, loaded);
  EXPECT_EQ(loaded.splits.train.rows(), 60) << "no training row is set aside";
  ASSERT_TRUE(loaded.splits.validation);
  EXPECT_EQ(loaded.splits.validation->features.at(1), 8);
  EXPECT_EQ(loaded.splits.validation->targets.at(1), 10);
  EXPECT_EQ(loaded.rows, 62);

  LoadedSplits drawn = read_splits(path, {.validation = 0.5, .test = 0.0});
  EXPECT_EQ(drawn.notes, std::vector<std::string>{"--validation is given, so the validation files of the data are not "
                                                  "used"});
  draw_splits({.validation = 0.5, .test = 0.0}, drawn);
  EXPECT_EQ(drawn.splits.validation->rows(), 30);
}

TEST(Splits, ImagesForValidationHaveNoMissingPixels) {
  const TestDirectory directory;
  const std::string train =
      directory.write("a.npz", npz({{"x", array("(2, 1, 2)", {1, 2, 3, 4})}, {"y", array("(2,)", {5, 6})}}));
  const std::string other =
      directory.write("b.npz", npz({{"x", array("(1, 1, 2)", {std::nan(""), 2})}, {"y", array("(1,)", {5})}}));
  const TableOptions options{.task = Task::regression, .validation = other, .test = 0.0};
  EXPECT_EQ(
      error_of([&] { read_splits(train, options); }),
      other + ", array \"x\": column \"c1\" has a missing cell (NaN, first: row 1); fill it in or remove the row");
}

}  // namespace
}  // namespace hillock
