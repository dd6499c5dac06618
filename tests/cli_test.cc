// The program from outside: what it trains, what it prints and where, what it writes, how it ends.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cpu/instruction_set.h"
#include "tests/golden.h"
#include "tests/paths.h"
#include "tests/program.h"
#include "tests/trained.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

// Sets HILLOCK_TARGET for the programs that are run while it lives.
class AskForTarget {
 public:
  explicit AskForTarget(std::string_view name) { setenv("HILLOCK_TARGET", std::string(name).c_str(), 1); }
  ~AskForTarget() { unsetenv("HILLOCK_TARGET"); }
  AskForTarget(const AskForTarget&) = delete;
  AskForTarget& operator=(const AskForTarget&) = delete;
};

// 60 rows of two clouds, with a column that is text and a name that needs quoting.
std::string two_clouds() {
  std::string csv = "id,x,y,label\n";
  for (int i = 0; i < 60; ++i) {
    const double side = i % 2 == 0 ? -1 : 1;
    csv += "\"row, " + std::to_string(i) + "\"," +
           std::to_string(side + golden_uniform(1, static_cast<std::uint64_t>(i))) + "," +
           std::to_string(golden_uniform(2, static_cast<std::uint64_t>(i))) + (i % 2 == 0 ? ",left\n" : ",right\n");
  }
  return csv;
}

std::string numeric_clouds() {
  std::string csv;
  for (const std::string& line : lines(two_clouds())) {
    csv += line.starts_with("id") ? line.substr(3) : line.substr(line.rfind('"') + 2);
    csv += "\n";
  }
  return csv;
}

// A sanitizer's start-up takes longer than the program's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kStartSeconds = 1.0;
#else
constexpr double kStartSeconds = 0.010;
#endif

TEST(Program, PrintsItsVersionWithinTenMilliseconds) {
  double fastest = INFINITY;
  for (int i = 0; i < 20; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const ProgramResult result = run_program({"--version"});
    fastest = std::min(fastest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    ASSERT_EQ(result.code, 0);
    ASSERT_TRUE(result.out.starts_with("hillock "));
  }
  EXPECT_LT(fastest, kStartSeconds);
}

TEST(Program, HelpsEverywhereWithExamples) {
  for (const char* command : {"train", "evaluate", "predict", "show", "plan", "datasets", "help"}) {
    const ProgramResult result = run_program({command, "--help"});
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_NE(result.out.find("Examples:\n  hillock "), std::string::npos) << command;
    EXPECT_EQ(run_program({"help", command}).code, 0) << command;
  }
  for (const char* topic : {"layers", "activations", "losses", "optimizers", "schedules", "initializers", "recipe"}) {
    const ProgramResult result = run_program({"help", topic});
    EXPECT_EQ(result.code, 0) << topic;
    EXPECT_GT(lines(result.out).size(), 2u) << topic;
  }
  EXPECT_NE(run_program({"datasets"}).out.find("digits"), std::string::npos);
}

TEST(Program, GivesTheSameModelOnEveryInstructionSet) {
  const TemporaryDirectory directory;
  std::map<std::string, std::vector<double>> first;
  for (cpu::InstructionSet target : cpu::supported_instruction_sets()) {
    const AskForTarget asked(cpu::name(target));
    train(directory, {"digits", "--net", "dense 32 relu", "--epochs", "2", "--out", "model.safetensors"});
    const auto model = tensors((directory.path() / "model.safetensors").string());
    if (first.empty()) first = model;
    EXPECT_TRUE(model == first) << cpu::name(target);
  }
}

TEST(Program, RefusesAnInstructionSetItDoesNotKnow) {
  const TemporaryDirectory directory;
  const AskForTarget asked("mmx");
  const ProgramResult result = run_program({"train", "xor"}, {.directory = directory.path()});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  std::string known;
  for (cpu::InstructionSet target : cpu::supported_instruction_sets())
    known += (known.empty() ? "" : ", ") + std::string(cpu::name(target));
  EXPECT_EQ(result.err, "hillock: HILLOCK_TARGET: \"mmx\" is none of the instruction sets that this machine runs: " +
                            known + "; unset it to have the fastest\n");
}

TEST(Program, RegressesInTheUnitsOfTheTarget) {
  const TemporaryDirectory directory;
  std::string csv = "x,price\n";
  for (int i = 0; i < 200; ++i) csv += std::to_string(i) + "," + std::to_string(100000 + 500 * i) + "\n";
  directory.write("line.csv", csv);
  const Json json = train(directory, {"line.csv", "--target", "price"});
  EXPECT_EQ(json["task"], "regression");
  EXPECT_GT(json["test"]["r2"].get<double>(), 0.999);
  EXPECT_LT(json["test"]["rmse"].get<double>(), 1000);
  EXPECT_GT(json["baseline"]["linear"]["test"]["r2"].get<double>(), 0.999);
  EXPECT_NEAR(json["baseline"]["constant"]["train"]["r2"].get<double>(), 0, 1e-4);
  const ProgramResult result =
      run_program({"predict", "line.safetensors", "-"}, {.directory = directory.path(), .input = "x\n100\n"});
  EXPECT_EQ(result.code, 0) << result.err;
  ASSERT_EQ(lines(result.out).size(), 2u) << result.out;
  EXPECT_EQ(lines(result.out)[0], "prediction");
  EXPECT_NEAR(std::stod(lines(result.out)[1]), 150000, 1500);
}

TEST(Program, GoesFromTrainToShowEvaluateAndPredict) {
  const TemporaryDirectory directory;
  directory.write("clouds.csv", numeric_clouds());
  directory.write("new.csv", two_clouds());
  const Json trained = train(directory, {"clouds.csv", "--target", "label", "--validation", "0", "--test", "0"});
  const ProgramResult shown = run_program({"show", "clouds.safetensors"}, {.directory = directory.path()});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const char* part : {"left, right", "dense1.weight", "[2, 32]", "standard", "optimizer adam", "accuracy"}) {
    EXPECT_NE(shown.out.find(part), std::string::npos) << part << "\n" << shown.out;
  }
  const ProgramResult evaluated =
      run_program({"evaluate", "clouds.safetensors", "clouds.csv", "--json"}, {.directory = directory.path()});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json scores = last_line_as_json(evaluated.out);
  EXPECT_EQ(scores["rows"], 60);
  for (const char* metric : {"loss", "accuracy", "auc", "log_loss", "recall"}) {
    EXPECT_EQ(scores[metric], trained["train"][metric]) << metric << ": the saved network predicts the same bits";
  }
  // Columns in another order with one too many, including the target.
  const ProgramResult predicted =
      run_program({"predict", "clouds.safetensors", "new.csv", "--keep", "id", "--keep", "label", "--out", "p.csv"},
                  {.directory = directory.path()});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(predicted.out, "");
  const auto rows = lines(directory.read("p.csv"));
  ASSERT_EQ(rows.size(), 61u);
  EXPECT_EQ(rows[0], "id,label,prediction,p_left,p_right");
  EXPECT_TRUE(rows[1].starts_with("\"row, 0\",left,left,")) << rows[1];
  EXPECT_TRUE(rows[2].starts_with("\"row, 1\",right,right,")) << rows[2];
}

TEST(Program, PredictsWithoutTheTargetAndInAnyOrder) {
  const TemporaryDirectory directory;
  directory.write("clouds.csv", numeric_clouds());
  train(directory, {"clouds.csv", "--target", "label"});
  const auto predict = [&](const std::string& csv) {
    const ProgramResult result =
        run_program({"predict", "clouds.safetensors", "-"}, {.directory = directory.path(), .input = csv});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  };
  const std::string expected = predict("x,y\n1.5,0.5\n-0.5,0.25\n");
  EXPECT_EQ(predict("y,x\n0.5,1.5\n0.25,-0.5\n"), expected);
  EXPECT_EQ(predict("x;extra;y\n1.5;7;0.5\n-0.5;7;0.25\n"), expected);
}

// NumPy's own archives (scripts/make_npz_seeds.py): labelled rows of three columns, and four such rows alone.
TEST(Program, TakesNumpyArchivesInEveryCommand) {
  const TemporaryDirectory directory;
  const std::string seeds = (source_directory() / "tests/fuzz/seeds/npy/numpy_").string();
  const Json trained =
      train(directory, {seeds + "savez_compressed.npz", "--epochs", "3", "--net", "8", "--out", "m.safetensors"});
  EXPECT_EQ(trained["task"], "classification");
  const ProgramResult judged = run_program({"evaluate", "m.safetensors", seeds + "savez_compressed.npz", "--json"},
                                           {.directory = directory.path()});
  EXPECT_EQ(judged.code, 0) << judged.err;
  EXPECT_EQ(last_line_as_json(judged.out)["rows"], 80);
  const ProgramResult predicted =
      run_program({"predict", "m.safetensors", seeds + "single.npz"}, {.directory = directory.path()});
  EXPECT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(lines(predicted.out).size(), 1u + 4u);
}

TEST(Program, TrainsAndPredictsWithCategoriesAndMissingCells) {
  const TemporaryDirectory directory;
  directory.write("clinic.csv", clinic(300));
  const Json json = train(directory, {"clinic.csv", "--target", "sick", "--drop", "patient"});
  EXPECT_GT(json["test"]["accuracy"].get<double>(), 0.9);
  directory.write("new.csv", "ward,note,age,id\nnorth,x,79,a\neast,y,21,\"b,c\"\n,z,NA,d\n");
  const ProgramResult result =
      run_program({"predict", "clinic.safetensors", "new.csv", "--keep", "id"}, {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  ASSERT_EQ(lines(result.out).size(), 4u) << result.out;
  EXPECT_EQ(lines(result.out)[0], "id,prediction,p_no,p_yes");
  EXPECT_TRUE(lines(result.out)[1].starts_with("a,yes,")) << result.out;
  EXPECT_TRUE(lines(result.out)[2].starts_with("\"b,c\",no,")) << result.out;
  EXPECT_EQ(result.err,
            "note: new.csv: column \"ward\" has 1 category cell that no training row had (line 3, \"east\"); it counts "
            "as other\nnote: new.csv: 2 missing cells in 2 columns (age 1, ward 1)\n");
  const ProgramResult shown = run_program({"show", "clinic.safetensors"}, {.directory = directory.path()});
  EXPECT_NE(shown.out.find("\"ward\"  categories north, south, and whether it is missing"), std::string::npos)
      << shown.out;
}

TEST(Program, EmbedsColumnsOfManyCategories) {
  const TemporaryDirectory directory;
  std::string csv = "town,age,rent\n";
  for (int i = 0; i < 600; ++i) csv += fmt::format("town {},{},{}\n", i * 7 % 40, 20 + i % 50, i * 7 % 40 % 5 * 100);
  directory.write("rents.csv", csv);
  const std::vector<std::string> call{"rents.csv", "--target", "rent", "--task", "regression"};
  EXPECT_GT(train(directory, call)["test"]["r2"].get<double>(), 0.99);
  const ProgramResult shown = run_program({"show", "rents.safetensors"}, {.directory = directory.path()});
  EXPECT_NE(shown.out.find("\"town\"  categories town 0, town 1, "), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find(", … (40 in all), 13 learnt numbers for each"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("embedding1.weight    [40, 13]"), std::string::npos) << shown.out;
  // An unknown town gets zeros as its inputs, so that all unknown names give the same prediction.
  directory.write("new.csv", "age,town\n30,town 3\n30,Atlantis\n30,El Dorado\n");
  const ProgramResult result =
      run_program({"predict", "rents.safetensors", "new.csv"}, {.directory = directory.path()});
  ASSERT_EQ(lines(result.out).size(), 4u) << result.err;
  EXPECT_NEAR(std::stod(lines(result.out)[1]), 300, 20);
  EXPECT_EQ(lines(result.out)[2], lines(result.out)[3]);
  std::vector<std::string> one_hot = call;
  one_hot.insert(one_hot.end(), {"--embed-above", "40", "--epochs", "2", "--out", "one_hot.safetensors"});
  EXPECT_EQ(train(directory, one_hot)["parameters"], 41 * 64 + 64 + 64 * 64 + 64 + 65);  // 40 towns and the age
  EXPECT_EQ(run_program({"show", "one_hot.safetensors"}, {.directory = directory.path()}).out.find("embedding"),
            std::string::npos);
}

}  // namespace
}  // namespace hillock::testing
