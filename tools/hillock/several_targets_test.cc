// Several targets through every command.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

using Texts = std::vector<std::string>;

// A table of two columns with their sum and a hundred times their product, and a model of both: m.safetensors.
struct ProgramOfSeveralTargets : ::testing::Test {
  ProgramOfSeveralTargets() {
    std::string text = "a,b,sum,\"a,b\"\n";
    for (int i = 0; i < 90; ++i) {
      const double a = std::sin(i * 1.7), b = std::cos(i * 0.9);
      text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a + b) + "," +
              std::to_string(100 * a * b) + "\n";
    }
    directory.write("table.csv", text);
    trained = run({"train", "table.csv", "--target", "sum,4", "--net", "dense 8 tanh", "--epochs", "30", "--out",
                   "m.safetensors"});
    EXPECT_EQ(trained.code, 0) << trained.err;
  }

  ProgramResult run(const Texts& arguments) const { return run_program(arguments, {.directory = directory.path()}); }
  nlohmann::json json(const Texts& arguments) const {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }

  TemporaryDirectory directory;
  ProgramResult trained;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(ProgramOfSeveralTargets, AreReportedEachAndTogether) {
  EXPECT_TRUE(has(trained.out, "regression of \"sum\", \"a,b\" from 2 columns")) << trained.out;
  EXPECT_TRUE(has(trained.out,
                  "\neach target, test rows; the figures above are their means, of which r2 alone has no "
                  "unit\n"))
      << trained.out;
  EXPECT_TRUE(has(trained.out, "than linear: r2 ")) << trained.out;
  EXPECT_TRUE(has(trained.err, "  r2 ")) << "the line of an epoch: " << trained.err;
  const auto evaluated = json({"evaluate", "m.safetensors", "table.csv", "--json"});
  ASSERT_EQ(evaluated["targets"].size(), 2u);
  const double sum = evaluated["targets"]["sum"]["r2"], product = evaluated["targets"]["a,b"]["r2"];
  EXPECT_DOUBLE_EQ(evaluated["r2"].get<double>(), (sum + product) / 2);
  EXPECT_EQ(evaluated["targets"]["sum"]["error_quantiles"].size(), 3u);
}

TEST_F(ProgramOfSeveralTargets, AreCrossValidatedEachAndTogether) {
  const auto folds = json({"train", "table.csv", "--target", "sum,4", "--net", "dense 4 tanh", "--epochs", "5",
                           "--folds", "3", "--json", "--out", "f.safetensors"})["folds"];
  ASSERT_EQ(folds["targets"].size(), 2u) << folds;
  const double sum = folds["targets"]["sum"]["network"]["r2"]["mean"],
               product = folds["targets"]["a,b"]["network"]["r2"]["mean"];
  EXPECT_NEAR(folds["network"]["r2"]["mean"].get<double>(), (sum + product) / 2, 1e-12);
  EXPECT_TRUE(folds["targets"]["sum"].contains("linear"));
}

TEST_F(ProgramOfSeveralTargets, ArePredictedInAColumnEach) {
  directory.write("rows.csv", "b,id,a\n0.5,first,0.25\n-1,second,0\n");
  const ProgramResult result = run({"predict", "m.safetensors", "rows.csv", "--keep", "id"});
  EXPECT_EQ(result.code, 0) << result.err;
  const Texts rows = lines(result.out);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], "id,prediction_sum,\"prediction_a,b\"");
  EXPECT_TRUE(rows[1].starts_with("first,")) << rows[1];
  EXPECT_EQ(std::count(rows[1].begin(), rows[1].end(), ','), 2) << rows[1];
}

TEST_F(ProgramOfSeveralTargets, AreShownPlannedAndTraced) {
  EXPECT_TRUE(has(run({"show", "m.safetensors"}).out, "task           regression of \"sum\", \"a,b\"\n"));
  const auto shown = json({"show", "m.safetensors", "--json"});
  EXPECT_EQ(shown["format"], 5);
  EXPECT_EQ(shown["targets"], nlohmann::json({"sum", "a,b"}));
  EXPECT_EQ(run({"plan", "m.safetensors"}).code, 0);
  const ProgramResult traced = run({"trace", "m.safetensors", "table.csv", "--row", "2"});
  EXPECT_EQ(traced.code, 0) << traced.err;
  EXPECT_TRUE(has(traced.out, ": sum\n    t_2 = ")) << traced.out;
  const auto trace = json({"trace", "--net", "dense 4 tanh", "table.csv", "--target", "sum,4", "--json"});
  EXPECT_EQ(trace["outputs"], nlohmann::json({"sum", "a,b"}));
}

TEST_F(ProgramOfSeveralTargets, AreComparedByTheMeanOfR2) {
  const auto compared = json({"compare", "table.csv", "--target", "sum,4", "--net", "dense 4 tanh", "--epochs", "5",
                              "--seeds", "2", "--json"});
  EXPECT_TRUE(compared["combinations"][0].contains("r2")) << compared;
  EXPECT_FALSE(compared["combinations"][0].contains("rmse"));
}

// The plane shows one number, so that there is none.
TEST_F(ProgramOfSeveralTargets, AreWatchedWithoutAPlane) {
  const ProgramResult watched = run({"train", "table.csv", "--target", "sum,4", "--net", "dense 4 tanh", "--epochs",
                                     "5", "--watch", "--out", "w.safetensors"});
  EXPECT_EQ(watched.code, 0) << watched.err;
  EXPECT_TRUE(has(watched.err, "loss by epoch")) << watched.err;
  EXPECT_FALSE(has(watched.err, "by a →")) << watched.err;
}

TEST_F(ProgramOfSeveralTargets, OfAFileForValidationAreFoundByName) {
  directory.write("more.csv", "\"a,b\",sum,a,b\n10,1,0.5,0.5\n-20,0.25,0.5,-0.25\n15,0.75,0.5,0.25\n");
  const auto trained_on = json({"train", "table.csv", "--target", "sum,4", "--net", "dense 4 tanh", "--epochs", "3",
                                "--validation", "more.csv", "--json", "--quiet", "--out", "v.safetensors"});
  EXPECT_EQ(trained_on["rows"]["validation"], 3);
  EXPECT_EQ(trained_on["validation"]["targets"].size(), 2u);
}

TEST_F(ProgramOfSeveralTargets, AreRefusedInOneLine) {
  const auto refusal = [&](const Texts& more) {
    Texts arguments{"train", "table.csv", "--out", "x.safetensors"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, 2);
    return result.err;
  };
  EXPECT_EQ(refusal({"--target", "sum,sum"}),
            "hillock: table.csv: --target names the column \"sum\" twice; name each target once\n");
  EXPECT_TRUE(has(refusal({"--target", "sum,4", "--task", "classification"}), "a classification has one"));
  EXPECT_TRUE(has(refusal({"--target", "sum,total"}), "has no column \"total\" for the target"));
  EXPECT_EQ(
      json({"train", "table.csv", "--target", "a,b", "--epochs", "1", "--quiet", "--json", "--out", "one.safetensors"})
          .contains("targets"),
      false)
      << "a column that is called \"a,b\" is one target";
  EXPECT_EQ(json({"show", "one.safetensors", "--json"})["target"], "a,b");
}

}  // namespace
}  // namespace hillock::testing
