// What an Error advises works: each remedy, followed by itself, leads to a training, or to another Error whose remedies
// do.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "arguments/train_arguments.h"
#include "hillock/error.h"
#include "hillock/table.h"
#include "hillock/text.h"
#include "tests/program.h"

namespace hillock::program {
namespace {

using Words = std::vector<std::string>;

// hillock train WORDS, without what it prints and writes.
void train(const Words& words) {
  CLI::App app;
  TrainArguments arguments;
  describe_train(app, arguments);
  app.parse(Words(words.rbegin(), words.rend()));
  TableOptions options = table_options(arguments);
  options.epochs = options.epochs.value_or(2);
  (void)train_table(arguments.data, options);
}

// Options that may be given several times.
bool adds(const std::string& option) {
  constexpr std::array kAdding = {"--drop",   "--numeric", "--categorical", "--na",
                                  "--na-add", "--coerce",  "--allow-unseen"};
  return std::ranges::find(kAdding, option) != kAdding.end();
}

// The call with the remedy's option given, in place of what it had unless it adds, or left out.
Words followed(Words words, const Remedy& remedy) {
  while (remedy.values.empty() || !adds(remedy.option)) {
    const auto at = std::ranges::find(words, remedy.option);
    if (at == words.end()) break;
    words.erase(at, at + 2);
  }
  for (const std::string& value : remedy.values) words.insert(words.end(), {remedy.option, value});
  return words;
}

std::string call_of(const Words& words) {
  std::string call = "train";
  for (const std::string& word : words) call += " " + word;
  return call;
}

// `words` are refused with advice, and all of it works.
void expect_advice_that_works(const Words& words, int depth = 0) {
  SCOPED_TRACE(call_of(words));
  std::vector<Remedy> remedies;
  std::string message;
  try {
    train(words);
    if (depth == 0) ADD_FAILURE() << "is not refused";
    return;
  } catch (const Error& error) {
    remedies.assign(error.remedies().begin(), error.remedies().end());
    message = error.what();
  }
  SCOPED_TRACE(message);
  constexpr int kMostRemedies = 4;  // one after the other
  ASSERT_LT(depth, kMostRemedies) << "the advice leads nowhere";
  ASSERT_FALSE(remedies.empty()) << "nothing is advised";
  for (const Remedy& remedy : remedies) {
    EXPECT_NE(message.find(remedy.option), std::string::npos) << remedy.text() << " is not in the message";
    expect_advice_that_works(followed(words, remedy), depth + 1);
  }
}

// 60 rows of "a,b,kind", whose cells a may change.
std::string table(const std::function<std::string(int row)>& a, const std::string& header = "a,b,kind\n") {
  std::string text = header;
  for (int row = 0; row < 60; ++row) {
    text += a(row) + "," + std::to_string(row % 7) + "," + (row % 3 == 0 ? "cat" : "dog") + "\n";
  }
  return text;
}
std::string number(int row) { return std::to_string(row * 37 % 60) + ".5"; }

struct AdvisedCall {
  std::string name;  // of the case
  std::string content;
  Words options{};
};

std::vector<AdvisedCall> cells() {
  return {
      {"one text among numbers", table([](int row) { return row == 9 ? "7 oops" : number(row); })},
      {"texts that differ among numbers", table([](int row) {
         return row == 9 ? "not known yet" : row == 30 ? "none known" : number(row);
       })},
      {"a text with the shell's characters", table([](int row) { return row == 9 ? "$HOME `x` '7'" : number(row); })},
      {"a long text", table([](int row) { return row == 9 ? "7" + std::string(100, 'x') + "tail" : number(row); })},
      {"decimal commas in quotes", table([](int row) { return "\"" + std::to_string(row * 37 % 60) + ",5\""; })},
      {"a comma before three digits",
       table([](int row) { return "\"" + std::to_string(row % 9 + 1) + ",50" + std::to_string(row % 7) + "\""; })},
      {"many texts", table([](int row) { return row % 20 == 9 ? std::to_string(row) + " - 70" : number(row); })},
      {"texts in a column that is said to be numeric",
       table([](int row) { return row % 2 == 0 ? "high" : number(row); }),
       {"--numeric", "a"}},
      {"missing cells that are refused",
       table([](int row) { return row == 9 ? "" : number(row); }),
       {"--missing", "refuse"}},
      {"rows that all have a missing cell", "a,b,kind\n1,,cat\n,2,dog\n3,,cat\n,5,dog\n", {"--missing", "drop-rows"}},
      {"both kinds for one column, once more", table(number), {"--coerce", "a", "--categorical", "a"}},
      {"both kinds for one column", table(number), {"--numeric", "a", "--categorical", "a"}},
  };
}

// A date of January to July, with the day first.
std::string date(int row) { return std::to_string(1 + row % 9) + "/" + std::to_string(1 + row % 7) + "/2024"; }

std::vector<AdvisedCall> dates() {
  return {
      {"dates in either order", table(date)},
      {"times in either order", table(date), {"--time", "a"}},
      {"a day that does not exist", table([](int row) {
         return row == 9 ? "31/2/2024" : row == 8 ? "13/2/2024" : date(row);
       })},
      {"a text among dates", table([](int row) { return row == 9   ? "soon"
                                                        : row == 8 ? "13/2/2024"
                                                                   : date(row); })},
  };
}

std::vector<AdvisedCall> texts() {
  return {
      {"Latin-1", table([](int row) {
         return row == 9 ? "gr\xF6\xDF"
                           "er"
                         : "kleiner";
       })},
      {"an encoding that is unknown", table(number), {"--encoding", "utf-9"}},
  };
}

std::vector<AdvisedCall> layouts() {
  const std::string rows = table(number, "");
  return {
      {"a footer", table(number) + "Total,,\n"},
      {"a line below", table(number) + "\nSource: somebody\n"},
      {"lines above", "From,2\nTo,3\n" + rows, {"--target", "last"}},
      {"remarks above", "# a, 1\n# b, 2\n" + rows, {"--target", "last"}},
      {"a quote that stays open", table([](int row) { return row == 9 ? "\"x" : number(row); })},
      {"a quote within a cell", table([](int row) { return row == 9 ? "\"x\"y" : number(row); })},
      {"more lines than there are", table(number), {"--skip", "99"}},
      {"more lines than there are at the end", table(number), {"--skip-end", "99"}},
  };
}

std::vector<AdvisedCall> targets() {
  return {
      {"a text among a target's numbers",
       table([](int row) { return row == 9 ? "7 oops" : number(row); }),
       {"--target", "a"}},
      {"a comma before three digits of a target",
       table([](int row) { return "\"" + std::to_string(row % 9 + 1) + ",50" + std::to_string(row % 7) + "\""; }),
       {"--target", "a"}},
      {"decimal commas of a target",
       table([](int row) { return "\"" + std::to_string(row * 37 % 60) + ",5\""; }),
       {"--target", "a"}},
      {"two targets and one of two values", "x,a,b\n1,0,3.5\n2,1,4\n3,1,5\n4,0,1\n5,1,2\n", {"--target", "a,b"}},
      {"two targets of a classification", table(number), {"--target", "a,b", "--task", "classification"}},
      {"no target", table(number), {"--target", ""}},
  };
}

std::vector<AdvisedCall> options() {
  return {
      {"a warm-up before one-cycle", table(number), {"--schedule", "one-cycle", "--warmup", "0.2"}},
      {"all rows and a batch", table(number), {"--optimizer", "lbfgs", "--batch", "8"}},
      {"all rows and a clipped norm", table(number), {"--optimizer", "lbfgs", "--clip-norm", "1"}},
      {"momentum of adam", table(number), {"--optimizer", "adam", "--momentum", "0.8"}},
      {"a rate beyond f32", table(number), {"--lr", "1e39", "--optimizer", "sgd"}},
      {"classes' loss for numbers", table(number), {"--target", "a", "--loss", "hinge"}},
      {"numbers' loss for classes", table(number), {"--loss", "quantile"}},
      {"an output that the loss cannot take", table(number), {"--loss", "hinge", "--net", "8, output softmax"}},
      {"restarts without an aim", table(number), {"--restarts", "1"}},
      {"folds with a test", table(number), {"--folds", "3", "--test", "0.2"}},
      {"groups in time", table(number), {"--group", "b", "--time", "a"}},
      {"folds in time", table(number), {"--folds", "3", "--time", "a"}},
      {"smoothed labels of another loss", table(number), {"--label-smoothing", "0.1", "--loss", "mse"}},
      {"weights of classes for numbers", table(number), {"--target", "b", "--class-weights", "balanced"}},
  };
}

void expect_all(const std::vector<AdvisedCall>& calls) {
  const testing::TemporaryDirectory directory;
  for (const AdvisedCall& call : calls) {
    SCOPED_TRACE(call.name);
    Words words{directory.write("data.csv", call.content)};
    if (std::ranges::find(call.options, "--target") == call.options.end())
      words.insert(words.end(), {"--target", "kind"});
    words.insert(words.end(), call.options.begin(), call.options.end());
    expect_advice_that_works(words);
  }
}

TEST(Remedies, OfCellsWork) { expect_all(cells()); }
TEST(Remedies, OfDatesWork) { expect_all(dates()); }
TEST(Remedies, OfTextsWork) { expect_all(texts()); }
TEST(Remedies, OfLayoutsWork) { expect_all(layouts()); }
TEST(Remedies, OfTargetsWork) { expect_all(targets()); }
TEST(Remedies, OfOptionsWork) { expect_all(options()); }

TEST(Remedies, AreWrittenAsAShellReadsThem) {
  EXPECT_EQ((Remedy{"--decimal", {","}}.text()), "--decimal ,");
  EXPECT_EQ((Remedy{"--drop", {"a b", "c"}}.text()), "--drop \"a b\" --drop \"c\"");
  EXPECT_EQ((Remedy{"--na", {"$306"}}.text()), "--na '$306'");
  EXPECT_EQ((Remedy{"--na", {"`it's`"}}.text()), R"(--na '`it'\''s`')");
  EXPECT_EQ((Remedy{"--warmup"}.text()), "--warmup");
  EXPECT_EQ(shell_word("a-b_1.csv"), "a-b_1.csv");
  EXPECT_EQ(shell_word("it's $1"), R"('it'\''s $1')");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace hillock::program
