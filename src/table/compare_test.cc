// Comparisons from C++: each run equals train_table with that seed.
#include "hillock/compare.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/table.h"

namespace hillock {
namespace {

TEST(CompareConfigurations, RunsAreThoseOfTrainTable) {
  TableOptions relu{.net = "4", .epochs = 3}, tanh{.net = "dense 4 tanh", .epochs = 3};
  tanh.seed = 5;
  std::int64_t seeds = 3;
  const ComparedTable compared = compare_configurations("iris", {{"relu", relu}, {"tanh", tanh}}, {.seeds = seeds});
  ASSERT_EQ(compared.configurations.size(), 2u);
  const std::vector<TableOptions> options{relu, tanh};
  for (std::size_t k = 0; k < options.size(); ++k) {
    const ComparedConfiguration& configuration = compared.configurations[k];
    EXPECT_EQ(configuration.name, k == 0 ? "relu" : "tanh");
    EXPECT_EQ(configuration.split, "test");
    ASSERT_EQ(std::ssize(configuration.runs), seeds);
    TableOptions one = options[k];
    one.seed += 2;
    const TableResult alone = train_table("iris", one);
    EXPECT_EQ(configuration.runs[2].seed, one.seed);
    EXPECT_EQ(configuration.runs[2].parameters_sha256, parameters_sha256(alone.model.network));
    EXPECT_EQ(configuration.runs[2].score.accuracy, alone.scores.test->accuracy);
  }
  const ComparedTable rows =
      compare_configurations(TableSplits{.train = load_builtin("iris")}, {{"", relu}}, {.seeds = 1});
  EXPECT_EQ(rows.configurations[0].runs[0].parameters_sha256, compared.configurations[0].runs[0].parameters_sha256);
}

TEST(CompareConfigurations, SummarizesItsRuns) {
  const ComparedTable compared = compare_configurations("xor", {{"", {.epochs = 60}}}, {.seeds = 8});
  const ComparedConfiguration& only = compared.configurations[0];
  const RunSummary summary = summarize(only);
  EXPECT_EQ(summary.runs, 8u);
  std::size_t failed = 0;
  double accuracy = 0;
  for (const ComparedRun& run : only.runs) {
    failed += run.failed() ? 1 : 0;
    accuracy += main_score(run.score, only.task) / 8;
  }
  EXPECT_EQ(summary.failed, failed);
  EXPECT_NEAR(summary.score.mean, accuracy, 1e-12);
  EXPECT_EQ(compared.notes.size(), 1u);  // too few rows for a validation split
}

TEST(CompareConfigurations, NamesTheConfigurationThatIsRefused) {
  const auto message = [](const std::vector<Configuration>& configurations, const CompareOptions& options) {
    try {
      (void)compare_configurations("xor", configurations, options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message({{"good", {.epochs = 1}}, {"bad", {.epochs = 0}}}, {}),
            "compare: with bad: train_table: epochs is 0; give a whole number of at least 1");
  EXPECT_EQ(message({{"", {.folds = 3}}}, {}), "compare: every seed is one run; leave out --folds and --restarts");
  EXPECT_EQ(message({}, {.seeds = 0}), "compare_configurations: seeds or log_every is less than 1; give at least 1");
}

TEST(CompareConfigurations, NamesTheOneWithoutValidationRows) {
  const std::vector<Configuration> configurations{{"small", {.validation = 0.2, .epochs = 1}},
                                                  {"all", {.validation = 0.0, .epochs = 1}}};
  try {
    (void)compare_configurations("iris", configurations, {.seeds = 1, .needs_validation = true});
    FAIL();
  } catch (const NoValidationRows& error) {
    EXPECT_EQ(error.configuration(), "all");
    EXPECT_STREQ(
        error.what(),
        "compare: validation rows are needed and there are none with all; set TableOptions::validation or pass "
        "them as a part of the data");
  }
}

TEST(ReadAlike, LooksAtWhatDecidesTheRows) {
  EXPECT_TRUE(read_alike({.lr = 1, .epochs = 3}, {.scale = Scale::none}));
  EXPECT_FALSE(read_alike({.target = "a"}, {.target = "b"}));
  EXPECT_FALSE(read_alike({.validation = 0.2}, {}));
  EXPECT_FALSE(read_alike({.dtype = DType::f64}, {}));
}

}  // namespace
}  // namespace hillock
