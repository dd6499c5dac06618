// The figures of train and evaluate agree, in JSON and in tables that stay aligned; and what the program reports about
// a training.
#include "print/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/text.h"
#include "tests/golden.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

std::string run(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
  const ProgramResult result = run_program(arguments, {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  return result.out;
}

Json train(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "train");
  arguments.insert(arguments.end(), {"--json", "--quiet", "--threads", "1", "--out", "m.safetensors"});
  return Json::parse(run(directory, arguments));
}

// Three overlapping groups with Chinese names, and a number computed from them.
std::string patients(int rows) {
  std::string csv = "年龄,收缩压,病情,费用\n";
  const char* names[] = {"健康", "高血压", "糖尿病合并高血压症"};
  for (int i = 0; i < rows; ++i) {
    const auto draw = [&](int stream) {
      return golden_uniform(static_cast<std::uint64_t>(stream), static_cast<std::uint64_t>(i));
    };
    const int group = i % 3;
    csv += fmt::format("{:.1f},{:.1f},{},{:.2f}\n", 40 + 10 * group + 20 * draw(1), 110 + 20 * group + 30 * draw(2),
                       names[group], 1000 + 500 * group + 400 * draw(3));
  }
  return csv;
}

const Json* find_warning(const Json& results, const std::string& kind) {
  for (const Json& warning : results["warnings"]) {
    if (warning["kind"] == kind) return &warning;
  }
  return nullptr;
}

TEST(ProgramHonesty, JudgesEachClassFromItsConfusionMatrix) {
  const TemporaryDirectory directory;
  const Json json = train(directory, {"iris"});
  const std::vector<std::string> classes{"setosa", "versicolor", "virginica"};
  for (const char* part : {"train", "validation", "test"}) {
    const Json& scores = json[part];
    for (std::size_t k = 0; k < 3; ++k) {
      double right = 0, of_class = 0, predicted = 0;
      for (std::size_t other = 0; other < 3; ++other) {
        of_class += scores["confusion"][k][other].get<double>();
        predicted += scores["confusion"][other][k].get<double>();
      }
      right = scores["confusion"][k][k].get<double>();
      EXPECT_DOUBLE_EQ(scores["recall"][classes[k]].get<double>(), right / of_class);
      EXPECT_DOUBLE_EQ(scores["precision"][classes[k]].get<double>(), right / predicted);
      EXPECT_DOUBLE_EQ(scores["f1"][classes[k]].get<double>(), 2 * right / (of_class + predicted));
    }
    EXPECT_GT(scores["calibration_error"].get<double>(), 0);
    EXPECT_LT(scores["calibration_error"].get<double>(), 0.2);
  }
  // The constant always predicts one class. It has no precision for the others, and a recall of 0.
  const Json& constant = json["baseline"]["constant"]["test"];
  int without = 0;
  for (const std::string& name : classes) {
    if (!constant["precision"][name].is_null()) continue;
    ++without;
    EXPECT_EQ(constant["recall"][name], 0);
    EXPECT_EQ(constant["f1"][name], 0);
  }
  EXPECT_EQ(without, 2);
}

TEST(ProgramHonesty, EvaluateTellsWhatTrainTold) {
  const TemporaryDirectory directory;
  directory.write("病人.csv", patients(240));
  for (const char* target : {"病情", "费用"}) {
    const Json trained =
        train(directory, {"病人.csv", "--target", target, "--validation", "0", "--test", "0", "--epochs", "20"});
    Json evaluated = Json::parse(run(directory, {"evaluate", "m.safetensors", "病人.csv", "--json"}));
    EXPECT_EQ(evaluated["rows"], 240);
    for (const char* key : {"format", "command", "model", "task", "rows"}) evaluated.erase(key);
    EXPECT_EQ(evaluated, trained["train"]) << target;
  }
}

TEST(ProgramHonesty, ErrorsComeInTheUnitsOfTheTarget) {
  const TemporaryDirectory directory;
  directory.write("病人.csv", patients(300));
  const Json json = train(directory, {"病人.csv", "--target", "费用"});
  const Json& quantiles = json["test"]["error_quantiles"];
  ASSERT_EQ(quantiles.size(), 3u);
  const double half = quantiles["0.5"], most = quantiles["0.9"], nearly_all = quantiles["0.95"];
  EXPECT_GT(half, 10) << "costs scatter by 400 within a group";
  EXPECT_LT(half, most);
  EXPECT_LT(most, nearly_all);
  EXPECT_LT(nearly_all, 700);
  const std::string report = run(directory, {"evaluate", "m.safetensors", "病人.csv"});
  const Json all = Json::parse(run(directory, {"evaluate", "m.safetensors", "病人.csv", "--json"}));
  EXPECT_NE(
      report.find(fmt::format("\nerrors: 50 % at most {:.5g}, 90 % at most {:.5g}, 95 % at most {:.5g}\n",
                              all["error_quantiles"]["0.5"].get<double>(), all["error_quantiles"]["0.9"].get<double>(),
                              all["error_quantiles"]["0.95"].get<double>())),
      std::string::npos)
      << report;
}

TEST(ProgramHonesty, MarginsAreNotCalibrated) {
  const TemporaryDirectory directory;
  const Json json = train(directory, {"wdbc", "--loss", "hinge", "--epochs", "10"});
  EXPECT_TRUE(json["test"]["calibration_error"].is_null());
  EXPECT_GT(json["test"]["precision"]["benign"].get<double>(), 0.8);
  const std::string report = run(directory, {"evaluate", "m.safetensors", "wdbc"});
  EXPECT_NE(report.find("precision"), std::string::npos) << report;
  EXPECT_EQ(report.find("calibration"), std::string::npos) << report;
}

// The lines of `out` from the one that starts a table, up to the empty line after it.
std::vector<std::string> table(const std::string& out, const std::string& start) {
  std::vector<std::string> result;
  for (const std::string& line : lines(out)) {
    if (result.empty() && line.find(start) == std::string::npos) continue;
    if (line.empty()) break;
    result.push_back(line);
  }
  return result;
}

void expect_same_width(const std::vector<std::string>& rows) {
  ASSERT_GT(rows.size(), 1u);
  for (const std::string& row : rows) EXPECT_EQ(display_width(row), display_width(rows[0])) << row;
}

TEST(ProgramHonesty, NamesInChineseStandUnderEachOther) {
  const TemporaryDirectory directory;
  directory.write("病人.csv", patients(240));
  const std::string out =
      run(directory, {"train", "病人.csv", "--target", "病情", "--epochs", "5", "--out", "m.safetensors"});
  std::vector<std::string> confusion = table(out, "confusion, test rows: a line for each true class");
  ASSERT_EQ(confusion.size(), 5u) << out;
  confusion.erase(confusion.begin());
  expect_same_width(confusion);
  // Twelve columns have room for five characters and the sign for a name that was cut.
  EXPECT_TRUE(confusion[0].find("糖尿病合并~") != std::string::npos) << confusion[0];
  const std::vector<std::string> classes = table(out, "precision");
  ASSERT_EQ(classes.size(), 4u) << out;
  expect_same_width(classes);
  expect_same_width(table(run(directory, {"evaluate", "m.safetensors", "病人.csv"}), "accuracy"));

  directory.write("few.csv", patients(6));
  std::vector<std::string> few =
      table(run(directory, {"train", "few.csv", "--target", "病情", "--net", "2", "--epochs", "2"}), " row ");
  ASSERT_EQ(few.size(), 7u);
  const std::size_t target_ends = display_width(few[0].substr(0, few[0].find("  prediction")));
  for (std::string& row : few) {
    const std::string start(prefix_of_width(row, target_ends));
    EXPECT_EQ(display_width(start), target_ends) << row << ": no character stands across the edge";
    EXPECT_EQ(row[start.size()], ' ') << row;
  }
}

TEST(ProgramHonesty, TellsOfUnitsThatNoLongerLearn) {
  const TemporaryDirectory directory;
  // The columns have means of some hundreds and are not scaled, so every sigmoid is saturated.
  const Json saturated = train(directory, {"wdbc", "--scale", "none", "--net", "dense 10 sigmoid", "--epochs", "20"});
  const Json* warning = find_warning(saturated, "saturated-units");
  ASSERT_NE(warning, nullptr) << saturated["warnings"];
  EXPECT_NE((*warning)["message"].get<std::string>().find(" of 10 units of dense1 (sigmoid) are saturated"),
            std::string::npos)
      << *warning;

  const Json dead = train(directory, {"wdbc", "--net", "4", "--init-bias", "constant:-1000", "--epochs", "2"});
  warning = find_warning(dead, "dead-units");
  ASSERT_NE(warning, nullptr) << dead["warnings"];
  EXPECT_EQ((*warning)["message"],
            "4 of 4 units of dense1 (relu) are dead, 0 for all 399 training rows looked at: the network is no better "
            "than one without them; leaky-relu in --net or a lower --lr keeps units alive");
  for (const char* healthy : {"iris", "wine", "digits"}) {
    const Json json = train(directory, {healthy});
    for (const char* kind : {"dead-units", "saturated-units", "validation-loss-rose"})
      EXPECT_EQ(find_warning(json, kind), nullptr) << healthy << " " << json["warnings"];
  }
}

// The labels of 60 rows are random, so only the rows themselves can be learned.
TEST(ProgramHonesty, TellsOfAValidationLossThatRose) {
  const TemporaryDirectory directory;
  std::string csv = "a,b,c,d,label\n";
  for (int i = 0; i < 120; ++i) {
    for (std::uint64_t k = 0; k < 4; ++k)
      csv += fmt::format("{:.4f},", golden_uniform(k + 1, static_cast<std::uint64_t>(i)));
    csv += golden_uniform(9, static_cast<std::uint64_t>(i)) < 0.5 ? "no\n" : "yes\n";
  }
  directory.write("chance.csv", csv);
  const Json json = train(directory, {"chance.csv", "--target", "label", "--net", "64, 64", "--patience", "0",
                                      "--validation", "0.3", "--epochs", "100"});
  const Json* warning = find_warning(json, "validation-loss-rose");
  ASSERT_NE(warning, nullptr) << json["warnings"];
  const std::string message = (*warning)["message"];
  EXPECT_TRUE(message.starts_with(fmt::format("the validation loss rose from {:.4g} in epoch {} to ",
                                              json["validation"]["loss"].get<double>(), json["best_epoch"].get<int>())))
      << message;
  EXPECT_NE(message.find(" in epoch 100, the last, while the training loss fell from "), std::string::npos) << message;
  EXPECT_TRUE(
      message.ends_with(": the network learns the training rows by heart; fewer units, dropout or "
                        "--weight-decay may do better"))
      << message;
}

// In any large table some rows agree by chance, here fewer than one in a hundred.
TEST(ProgramHonesty, AFewSharedRowsAreNoWarning) {
  const TemporaryDirectory directory;
  const auto rows = [](int first, int count) {
    std::string csv;
    for (int i = first; i < first + count; ++i) csv += fmt::format("{},{},{}\n", i, i * 37 % 101, i * 53 % 97 % 2);
    return csv;
  };
  directory.write("train.csv", "a,b,kind\n" + rows(0, 300));
  const auto shared = [&](int count) {
    directory.write("test.csv", "a,b,kind\n" + rows(300 - count, 500));
    const Json json = train(directory, {"train.csv", "--target", "kind", "--categorical", "kind", "--numeric", "a",
                                        "--validation", "0", "--test", "test.csv", "--epochs", "1"});
    const Json* warning = find_warning(json, "shared-rows");
    return warning == nullptr ? std::string() : (*warning)["message"].get<std::string>();
  };
  EXPECT_EQ(shared(0), "");
  EXPECT_EQ(shared(4), "") << "0.8 %";
  EXPECT_EQ(shared(5),
            "5 of 500 test rows (1.0 %) are training rows as well, target included: what the network "
            "remembers counts as skill there");
}

TEST(Report, SaysThatTheLinearModelWasInterrupted) {
  std::atomic<bool> interrupt{false};
  const auto on_stage = [&](TableStage stage) { interrupt = stage == TableStage::baselines; };
  const TableResult result =
      train_table("iris", {.net = "4", .epochs = 2}, {.on_stage = on_stage, .interrupt = &interrupt});
  const std::string report = program::describe_outcome(result);
  EXPECT_NE(report.find("\na constant: test "), std::string::npos) << report;
  EXPECT_NE(report.find("\nlinear: its training was interrupted, so there is no comparison\n"), std::string::npos)
      << report;
}

}  // namespace
}  // namespace hillock::testing
