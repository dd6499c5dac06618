// Training that starts from a model, and the columns and rows that must not be confused then.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

struct ProgramContinues : ::testing::Test {
  ProgramResult run(const std::vector<std::string>& arguments) {
    return run_program(arguments, {.directory = directory.path()});
  }
  Json train(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "train");
    arguments.insert(arguments.end(), {"--json", "--quiet"});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? Json::parse(result.out) : Json();
  }
  TemporaryDirectory directory;
};

TEST_F(ProgramContinues, RefusesColumnsOfAnotherKind) {
  directory.write("text.csv", "k,y\nA,1\nB,2\nC,3.5\nA,1\n");
  directory.write("number.csv", "k,y\n1,1\n2,2\n1,3.5\n2,1\n");
  train({"text.csv", "--target", "y", "--epochs", "2"});
  train({"number.csv", "--target", "y", "--epochs", "2"});
  EXPECT_EQ(run({"train", "number.csv", "--target", "y", "--init", "text.safetensors", "--out", "m"}).err,
            "hillock: train: column \"k\" holds numbers and the model of --init was trained on categories; pass "
            "--categorical \"k\"\n");
  EXPECT_EQ(run({"train", "text.csv", "--target", "y", "--init", "number.safetensors", "--out", "m"}).err,
            "hillock: train: column \"k\" holds categories and the model of --init was trained on numbers; pass "
            "--numeric \"k\"\n");
}

TEST_F(ProgramContinues, SaysWhatTheModelDoesNotKnow) {
  directory.write("old.csv", "k,y\nA,a\nB,b\nA,a\nNIL,b\n");
  directory.write("new.csv", "k,y\nA,b\nC,c\nC,b\nA,c\n");
  train({"old.csv", "--target", "y", "--epochs", "2", "--na", "NIL"});
  const std::vector<std::string> call{"train",  "new.csv",         "--target", "y",
                                      "--init", "old.safetensors", "--epochs", "2"};
  EXPECT_EQ(run(call).err, "hillock: train: the model of --init takes other cells as missing; pass --na \"NIL\"\n");
  std::vector<std::string> with_tokens = call;
  with_tokens.insert(with_tokens.end(), {"--na", "NIL"});
  const ProgramResult result = run(with_tokens);
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.err.find("note: the model of --init has the classes a, b; its outputs stand for b, c now, in this "
                            "order\nnote: column \"k\" has 2 category cells that the model of --init does not know; "
                            "they count as other\n"),
            std::string::npos)
      << result.err;
}

// y is 3 a − 2 b, plus 5 where k is B.
std::string table_of(const std::string& header, const std::string& row, int rows = 100) {
  std::string csv = header.empty() ? "" : header + "\n";
  for (int i = 0; i < rows; ++i) {
    const int a = i % 7, b = i % 11, k = i % 2;
    csv += fmt::format(fmt::runtime(row), fmt::arg("a", a), fmt::arg("b", 10 * b), fmt::arg("k", k ? "B" : "A"),
                       fmt::arg("y", 3 * a - 20 * b + 5 * k)) +
           "\n";
  }
  return csv;
}

struct ProgramContinuesByName : ProgramContinues {
  void SetUp() override {
    directory.write("first.csv", table_of("a,b,k,y", "{a},{b},{k},{y}"));
    train({"first.csv", "--target", "y", "--net", "", "--lr", "0.05", "--epochs", "200", "--out", "first.safetensors"});
  }
  // R² on the training rows after steps that change nothing.
  double r2(const std::string& file, const std::string& target = "y") {
    const Json json = train({file, "--target", target, "--init", "first.safetensors", "--lr", "1e-12", "--epochs", "1",
                             "--out", "second.safetensors"});
    return json.is_null() ? -1 : json["train"]["r2"].get<double>();
  }
};

TEST_F(ProgramContinuesByName, TakesColumnsInAnotherOrder) {
  EXPECT_GT(r2("first.csv"), 0.99);
  directory.write("other.csv", table_of("k,b,y,a", "{k},{b},{y},{a}"));
  EXPECT_GT(r2("other.csv"), 0.99);
  const Json folds = train({"other.csv", "--target", "y", "--init", "first.safetensors", "--lr", "1e-12", "--epochs",
                            "1", "--folds", "2", "--validation", "other.csv", "--out", "second.safetensors"});
  EXPECT_GT(folds["validation"]["r2"].get<double>(), 0.99);
  EXPECT_GT(folds["folds"]["network"]["r2"]["mean"].get<double>(), 0.99);
  EXPECT_EQ(run({"evaluate", "second.safetensors", "other.csv"}).code, 0);
  EXPECT_NE(run({"train", "other.csv", "--target", "y", "--init", "first.safetensors", "--epochs", "1"})
                .err.find("note: the columns are taken in the order in which the model of --init has them\n"),
            std::string::npos);
}

TEST_F(ProgramContinuesByName, RefusesOtherColumns) {
  const auto refusal = [&](const std::string& header, const std::string& row) {
    directory.write("other.csv", table_of(header, row));
    return run({"train", "other.csv", "--target", "y", "--init", "first.safetensors", "--epochs", "1"}).err;
  };
  EXPECT_EQ(refusal("a,c,k,y", "{a},{b},{k},{y}"),
            "hillock: train: the model of --init was trained on column b, and the data have c instead; give the "
            "columns the names they had then\n");
  EXPECT_EQ(refusal("a,k,y", "{a},{k},{y}"),
            "hillock: train: the model of --init was trained on column b, which the data lack; add what is "
            "missing, or leave out --init\n");
  EXPECT_EQ(refusal("a,b,c,k,y", "{a},{b},{b},{k},{y}"),
            "hillock: train: the data have column c, which the model of --init was not trained on; pass --drop "
            "\"c\"\n");
}

TEST_F(ProgramContinuesByName, MatchesNumberedColumnsByPosition) {
  directory.write("bare.csv", table_of("", "{a},{b},{k},{y}"));
  EXPECT_GT(r2("bare.csv", "last"), 0.99);
  EXPECT_NE(
      run({"train", "bare.csv", "--target", "last", "--init", "first.safetensors", "--epochs", "1"})
          .err.find("note: the model of --init calls its columns a, b, k and the data c1, c2, c3; they are matched "
                    "by position\n"),
      std::string::npos);
}

// The category a0 is left out with its row, so that a1 has number 1 in the table and number 0 in the model.
TEST_F(ProgramContinues, ShowsFewRowsAsPredictSeesThem) {
  directory.write("few.csv", "k,x,y\na0,,1\na1,1,1\na2,1,11\na3,1,21\na1,1,1\na2,1,11\na3,1,21\n");
  const Json json =
      train({"few.csv", "--target", "y", "--task", "regression", "--missing", "drop-rows", "--epochs", "400"});
  const double expected[] = {1, 11, 21, 1, 11, 21};
  ASSERT_EQ(json["predictions"].size(), 6u);
  for (std::size_t row = 0; row < 6; ++row) {
    EXPECT_NEAR(json["predictions"][row][0].get<double>(), expected[row], 1.5) << row;
  }
}

TEST_F(ProgramContinues, LeavesOutColumnsWithoutACellInTheTrainingRows) {
  std::string csv = "when,note,x,y\n";
  for (int i = 0; i < 100; ++i)
    csv += fmt::format("{},{},{},{}\n", i, i < 85 ? "" : i % 2 ? "odd" : "even", i % 7, i % 7 * 2);
  directory.write("t.csv", csv);
  const std::vector<std::string> call{"t.csv", "--target", "y", "--time", "when", "--task", "regression"};
  EXPECT_EQ(train(call)["rows"]["test"], 15);
  EXPECT_EQ(run({"evaluate", "t.safetensors", "t.csv"}).code, 0);
}

TEST_F(ProgramContinues, TakesDatesThatDoNotSortAsText) {
  std::string csv = "day,x,y\n";
  for (int i = 0; i < 60; ++i) csv += fmt::format("2020-{}-1,{},{}\n", 1 + i / 5, i % 7, i);
  directory.write("days.csv", csv);
  EXPECT_EQ(train({"days.csv", "--target", "y", "--time", "day"})["rows"]["test"], 10);  // of November and December
}

TEST_F(ProgramContinues, FindsNoLeakInARareClass) {
  std::string csv = "color,kind\n";
  for (int i = 0; i < 1200; ++i)
    csv += fmt::format("{},{}\n", i % 3 ? i % 3 == 1 ? "red" : "blue" : "green",
                       i % 401 == 0   ? "rare"
                       : i % 397 == 0 ? "odd"
                                      : "usual");
  directory.write("m.csv", csv);
  const Json result = train({"m.csv", "--target", "kind", "--epochs", "1"});
  for (const Json& warning : result["warnings"]) {
    EXPECT_NE(warning["kind"], "leakage") << warning;
  }
}

// The constant weights rows as its score does: 3 of 4 parts of the weight are at 10.
TEST_F(ProgramContinues, TheConstantWeighsRows) {
  std::string csv = "x,w,y\n";
  for (int i = 0; i < 40; ++i) csv += fmt::format("{},{},{}\n", i % 5, i % 2 ? 3 : 1, i % 2 ? 10 : i % 4 ? 2.5 : 1.5);
  directory.write("w.csv", csv);
  const Json json = train({"w.csv", "--target", "y", "--weights", "w", "--epochs", "1"});
  EXPECT_NEAR(json["baseline"]["constant"]["train"]["r2"].get<double>(), 0, 1e-5);  // the bias is rounded to f32
}

}  // namespace
}  // namespace hillock::testing
