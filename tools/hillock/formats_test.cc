// A model reads a later file as it read the training file, also after rows were split.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

// y = 3a − 2b on 200 rows; a is written by `write`.
std::string table(const std::function<std::string(double)>& write, char delimiter) {
  std::string text = std::string("a") + delimiter + "b" + delimiter + "y\n";
  for (int row = 0; row < 200; ++row) {
    const int a = 1000 + row * 37 % 5000, b = row * 11 % 90;
    text += write(a) + delimiter + std::to_string(b) + delimiter + std::to_string(3 * a - 2 * b) + "\n";
  }
  return text;
}

// What a model of `training` predicts for `rows`.
std::string predicted(const std::string& training, const std::string& rows, const std::vector<std::string>& more = {}) {
  const TemporaryDirectory directory;
  directory.write("train.csv", training);
  directory.write("rows.csv", rows);
  std::vector<std::string> train{"train",    "train.csv", "--target", "y",     "--net",        "", "--lr", "0.05",
                                 "--epochs", "60",        "--quiet",  "--out", "m.safetensors"};
  train.insert(train.end(), more.begin(), more.end());
  const ProgramResult trained = run_program(train, {.directory = directory.path()});
  EXPECT_EQ(trained.code, 0) << trained.err;
  const ProgramResult result = run_program({"predict", "m.safetensors", "rows.csv"}, {.directory = directory.path()});
  return result.code == 0 ? result.out : result.err;
}

TEST(FormatsOfAModel, AreKeptWhereRowsAreSplit) {
  const auto plain = [](double a) { return std::to_string(static_cast<int>(a)); };
  const auto points = [](double a) {
    const std::string digits = std::to_string(static_cast<int>(a));
    return digits.substr(0, 1) + "." + digits.substr(1);
  };
  const auto kilograms = [&](double a) { return plain(a) + " kg"; };
  const std::string expected = predicted(table(plain, ';'), "a;b\n4100;1\n5200;2\n");
  EXPECT_TRUE(expected.starts_with("prediction\n1")) << expected;
  EXPECT_EQ(predicted(table(points, ';'), "a;b\n4.100;1\n5.200;2\n", {"--decimal", ","}), expected);
  EXPECT_EQ(predicted(table(kilograms, ';'), "a;b\n4100 kg;1\n5200 kg;2\n"), expected);
  EXPECT_NE(predicted(table(kilograms, ';'), "a;b\n4100 g;1\n5200 g;2\n").find("\"a\""), std::string::npos)
      << "another unit is refused";
}

}  // namespace
}  // namespace hillock::testing
