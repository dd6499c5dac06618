// Prediction from tables that differ from those of training: columns in another order, additional columns, cells
// written differently, categories that training never saw, one row, millions of rows. cli_refusal_models_test has what
// is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "hillock/safetensors.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

using Texts = std::vector<std::string>;

Texts lines_of(const std::string& text) {
  Texts lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A linear model of a number, a category, and a number with missing cells: m.safetensors.
struct Prediction : ::testing::Test {
  Prediction() {
    const char* const jobs[] = {"cook", "clerk", "smith"};
    std::string text = "age,job,score,ill\n";
    for (int i = 0; i < 60; ++i) {
      text += std::to_string(20 + i % 40) + "," + jobs[i % 3] + "," + (i % 7 == 0 ? "" : std::to_string(i % 11)) + "," +
              (i % 4 == 0 ? "yes" : "no") + "\n";
    }
    directory.write("people.csv", text);
    const ProgramResult trained = run_program(
        {"train", "people.csv", "--target", "ill", "--net", "", "--epochs", "20", "--quiet", "--out", "m.safetensors"},
        {.directory = directory.path()});
    EXPECT_EQ(trained.code, 0) << trained.err;
  }
  // What is printed for this table; also compares the notes.
  std::string predict(const std::string& table, const std::string& notes = "", const Texts& more = {}) const {
    directory.write("rows.csv", table);
    Texts arguments{"predict", "m.safetensors", "rows.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run_program(arguments, {.directory = directory.path()});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, notes) << table;
    return result.out;
  }

  TemporaryDirectory directory;
};

const char* const kRows = "age,job,score\n30,cook,1\n41,clerk,2.5\n52,smith,\n";
const char* const kMissing = "note: rows.csv: 1 missing cell in 1 column (score 1)\n";

// Numbers are printed so that they are read as the same bits.
TEST_F(Prediction, FindsColumnsByName) {
  const std::string expected = predict(kRows, kMissing);
  EXPECT_EQ(lines_of(expected).size(), 4u);
  EXPECT_EQ(lines_of(expected)[0], "prediction,p_no,p_yes");
  EXPECT_EQ(predict("score,age,job\n1,30,cook\n2.5,41,clerk\n,52,smith\n", kMissing), expected);
  EXPECT_EQ(predict("job,id,score,ill,age\ncook,a,1,yes,30\nclerk,b,2.5,?,41\nsmith,c,,maybe,52\n", kMissing),
            expected);
  EXPECT_EQ(predict("30,cook,1\n41,clerk,2.5\n52,smith,\n", kMissing), expected) << "without names, in their order";
  EXPECT_EQ(predict("30,cook,1,yes\n41,clerk,2.5,no\n52,smith,,no\n", kMissing), expected) << "and the target behind";
}

TEST_F(Prediction, ReadsCellsHoweverTheyAreWritten) {
  const std::string expected = predict(kRows, kMissing);
  for (const char* table : {"\xEF\xBB\xBF"
                            "age;job;score\r\n 3e1 ;\"cook\"; 1.0\r\n41.000;clerk;25e-1\r\n+52;smith;NA\r\n",
                            "age\tjob\tscore\r30\tcook\t1\r41\tclerk\t2.5\r52\tsmith\t?\r"}) {
    EXPECT_EQ(predict(table, kMissing), expected) << table;
  }
  EXPECT_EQ(predict("# exported\nage;job;score\n30;cook;1,0\n# half\n41;clerk;2,5\n52;smith;\n", kMissing,
                    {"--decimal", ",", "--comment", "#"}),
            expected);
}

TEST_F(Prediction, OfOneRowIsThatOfTheRowAmongOthers) {
  const Texts all = lines_of(predict(kRows, kMissing));
  EXPECT_EQ(predict("age,job,score\n41,clerk,2.5\n"), all[0] + "\n" + all[2] + "\n");
  EXPECT_EQ(predict("41,clerk,2.5\n"), all[0] + "\n" + all[2] + "\n");
  EXPECT_EQ(predict("age,job,score\n41,clerk,2.5"), all[0] + "\n" + all[2] + "\n");
}

// An unknown category has no input of its own. What is left of the linear model is its bias and the terms of the
// numbers, (x − offset) · factor · weight.
TEST_F(Prediction, TakesUnseenCategoriesAsNoneOfTheKnown) {
  const std::string note =
      "note: WARNING: rows.csv: column \"job\" has 2 category cells that no training row had (lines 2, 3; the first: "
      "\"pilot\"); they count as other. That is 67 % of the column: are its values written as in training (clerk, "
      "cook, "
      "smith)?\n";
  const Texts lines = lines_of(predict("age,job,score\n30,pilot,1\n30,7,1\n30,cook,1\n", note));
  EXPECT_EQ(lines[1], lines[2]);
  EXPECT_NE(lines[1], lines[3]);
  const SafetensorsFile file = read_safetensors(directory.file("m.safetensors"));
  const Tensor &offset = *file.find("preprocessing.offset"), &factor = *file.find("preprocessing.factor");
  const Tensor &weight = *file.find("output.weight"), &bias = *file.find("output.bias");
  ASSERT_EQ(weight.elements(), 6);  // age; clerk, cook, smith; score, and whether it is missing
  const double age = (30 - offset.at(0)) * factor.at(0), score = (1 - offset.at(2)) * factor.at(2);
  // The indicator of missing cells is 0, and is not scaled.
  const double margin = bias.at(0) + age * weight.at(0) + score * weight.at(4);
  const double expected = 1 / (1 + std::exp(-margin));
  const double found = std::stod(lines[1].substr(lines[1].rfind(',') + 1));
  EXPECT_NEAR(found, expected, 1e-6) << "f32 has 7 digits";
}

// Predicts rows that repeat every kPeriod lines; returns the peak memory.
std::int64_t predict_many(const TemporaryDirectory& directory, std::int64_t rows) {
  constexpr int kPeriod = 1000;
  const char* const jobs[] = {"cook", "clerk", "smith"};
  Texts period;
  for (int i = 0; i < kPeriod; ++i) {
    period.push_back(std::to_string(20 + i % 70) + ".25," + jobs[i % 3] + "," + std::to_string(i % 13) + "\n");
  }
  {
    std::ofstream table(directory.path() / "many.csv", std::ios::binary);
    table << "age,job,score\n";
    for (std::int64_t row = 0; row < rows; ++row) table << period[static_cast<std::size_t>(row % kPeriod)];
  }
  const ProgramResult result = run_program({"predict", "m.safetensors", "many.csv", "--out", "p.csv", "--threads", "1"},
                                           {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  std::ifstream predictions(directory.path() / "p.csv");
  Texts first;
  std::int64_t row = -1, others = 0;  // -1 for the header
  for (std::string line; std::getline(predictions, line); ++row) {
    if (row >= 0 && row < kPeriod) first.push_back(line);
    if (row >= kPeriod && line != first[static_cast<std::size_t>(row % kPeriod)]) ++others;
  }
  EXPECT_EQ(row, rows);
  EXPECT_EQ(others, 0) << "a row's prediction depends on where it stands";
  return result.peak_bytes;
}

// The table is mapped and released, and 65536 rows are held at a time. More rows may only add slack of the allocator.
// The address sanitizer keeps up to 256 MiB of freed memory.
#ifdef __SANITIZE_ADDRESS__
constexpr std::int64_t kSlackBytes = (16 + 256) << 20;
#else
constexpr std::int64_t kSlackBytes = 16 << 20;
#endif

TEST_F(Prediction, MemoryDoesNotGrowWithTheRows) {
  const std::int64_t some = predict_many(directory, 300000);
  EXPECT_LE(predict_many(directory, 1000000), some + kSlackBytes);
}

struct SlowPrediction : Prediction {};

TEST_F(SlowPrediction, OfTenMillionRows) {
  const std::int64_t some = predict_many(directory, 300000);
  EXPECT_LE(predict_many(directory, 10000000), some + kSlackBytes);
}

}  // namespace
}  // namespace hillock::testing
