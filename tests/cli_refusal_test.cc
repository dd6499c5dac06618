// What the program refuses: one line that says what, where and what to do, exit code 2, nothing written.
#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

struct Refusal {
  std::vector<std::string> arguments;
  std::string line;  // all of stderr after "hillock: "
};

void expect_refused(const TemporaryDirectory& directory, const Refusal& refusal) {
  const std::vector<std::string> before = directory.names();
  const ProgramResult result = run_program(refusal.arguments, {.directory = directory.path()});
  std::string call;
  for (const std::string& argument : refusal.arguments) call += argument + " ";
  EXPECT_EQ(result.code, 2) << call;
  EXPECT_EQ(result.err, "hillock: " + refusal.line + "\n") << call;
  EXPECT_EQ(result.out, "") << call;
  EXPECT_EQ(directory.names(), before) << call;
}

void expect_refused(const TemporaryDirectory& directory, const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) expect_refused(directory, refusal);
}

// hillock train good.csv --target kind, and more.
std::vector<std::string> train_with(const std::vector<std::string>& more) {
  std::vector<std::string> all{"train", "good.csv", "--target", "kind"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct ProgramRefuses : ::testing::Test {
  ProgramRefuses() { directory.write("good.csv", "height,weight,kind\n1,2,cat\n3,4,dog\n5,6,cat\n"); }
  TemporaryDirectory directory;
};

TEST_F(ProgramRefuses, DataThatCannotBeTrainedOn) {
  directory.write("empty.csv", "");
  directory.write("ragged.csv", "a,b,c\n1,2,3\n1,2\n4,5,6\n");
  std::string numbers = "a,b,c\n1,2,3\n1,many,4\n4,5,6\n";
  for (int i = 0; i < 38; ++i) numbers += "1,2,3\n";
  directory.write("text.csv", numbers);
  directory.write("infinite.csv", "a,b,c\n1,2,3\n1,inf,4\n4,5,6\n");
  directory.write("one.csv", "a,b\n1,yes\n2,yes\n3,yes\n");
  directory.write("latin.csv",
                  "a,gr\xF6\xDF"
                  "e\n1,2\n3,4\n5,6\n");
  const auto train = [](const char* file, const char* target) {
    return std::vector<std::string>{"train", file, "--target", target};
  };
  expect_refused(
      directory,
      {{train("absent.csv", "last"), "absent.csv: cannot be opened (No such file or directory); check the path"},
       {train("good.csv/x", "last"), "good.csv/x: cannot be opened (Not a directory); check the path"},
       {train("irsi", "last"),
        "irsi: is neither a file nor a built-in data set; did you mean \"iris\"? built in are digits, iris, wdbc, "
        "wine, xor"},
       {train("empty.csv", "last"), "empty.csv: is empty; give a file with a row for each example"},
       {train("ragged.csv", "last"),
        "ragged.csv: line 3 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
        "\",\")"},
       {train("text.csv", "c"),
        "text.csv: column \"b\" has 1 text cell among 40 numbers (line 3, \"many\"); correct them, pass --na \"many\" "
        "to "
        "take them as missing, or pass --categorical \"b\" to take every value as a category"},
       {train("infinite.csv", "c"),
        "infinite.csv: column \"b\" has 1 infinite cell (line 3, \"inf\"); correct them or remove these rows"},
       {train("one.csv", "b"),
        "one.csv: target column \"b\" has only one class, \"yes\", in all 3 rows; there is nothing to learn from it, "
        "choose "
        "another"},
       {train("latin.csv", "a"),
        "latin.csv: is not UTF-8 text (byte 5, line 1); pass --encoding GB18030 or --encoding ISO-8859-1, or save it "
        "as "
        "UTF-8"},
       {{"train", "good.csv"},
        "good.csv: no target column is named; pass --target with its name, its number or \"last\" (columns: height, "
        "weight, "
        "kind)"},
       {train("good.csv", "kinds"),
        "good.csv: has no column \"kinds\" for the target; did you mean \"kind\"? the columns are height, weight, "
        "kind"}});
}

TEST_F(ProgramRefuses, OutputsThatCannotBeWritten) {
  expect_refused(
      directory,
      {{train_with({"--out", "absent/m"}),
        "absent/m: cannot be written (No such file or directory); create the directory or choose another path"},
       {train_with({"--out", "."}), ".: cannot be written (Is a directory); choose another path"},
       {train_with({"--out", "good.csv"}), "train: --out good.csv is the file that the data come from; give another"}});
}

TEST_F(ProgramRefuses, MalformedNetworks) {
  expect_refused(
      directory,
      {{train_with({"--net", "64,,3"}),
        "--net: part 2, \"\": there is nothing between the commas; write for example \"64, 32\" or \"dense 64 relu, "
        "dropout "
        "0.2, output sigmoid\""},
       {train_with({"--net", "dense 64 rleu"}),
        "--net: part 1, \"dense 64 rleu\": activation: there is no \"rleu\"; did you mean \"relu\"? use one of "
        "identity, "
        "sigmoid, tanh, relu, leaky-relu, "
        "elu, selu, gelu, silu, mish, … (12 in all)"},
       {train_with({"--net", "4 sigmoid"}),
        "--net: part 1, \"4 sigmoid\": units and an activation are written \"dense 4 sigmoid\"; write for example "
        "\"64, "
        "32\" or \"dense 64 relu, dropout 0.2, output sigmoid\""},
       {train_with({"--net", "output sigmoid", "--loss", "cross-entropy"}),
        "train: --loss cross-entropy needs the output softmax and --net names sigmoid; leave one of them out"}});
}

TEST_F(ProgramRefuses, MalformedOptions) {
  expect_refused(
      directory,
      {{{}, "a command is missing; hillock help lists them"},
       {{"trian"}, "there is no command trian; did you mean train?"},
       {{"train"}, "train: DATA is required; hillock help train shows how"},
       {{"help", "loses"}, "help: there is nothing about \"loses\"; did you mean losses?"},
       {train_with({"--epoch", "5"}), "train: there is no option --epoch; did you mean --epochs?"},
       {train_with({"--drop", "kind"}),
        "good.csv: column \"kind\" is the target and cannot be for --drop as well; name another"},
       {train_with({"--epoch=5"}), "train: there is no option --epoch=5; did you mean --epochs?"},
       {train_with({"more.csv"}), "train: one argument too many: more.csv; hillock help train shows what it takes"},
       {train_with({"--epochs"}), "train: --epochs takes one value and stands once; hillock help train shows how"},
       {train_with({"--epochs", "0"}), "train: --epochs \"0\" is not a whole number of at least 1; give one"},
       {train_with({"--epochs", "ten"}), "train: --epochs \"ten\" is not a whole number of at least 1; give one"},
       {train_with({"--lr", "nan"}), "train: --lr \"nan\" is neither a number nor auto; give one"},
       {train_with({"--lr", "1e39"}), "train: --lr 1e+39 is beyond f32; give less, or --dtype f64"},
       {train_with({"--batch", "none"}),
        "train: --batch \"none\" is neither a whole number of at least 1 nor all; give one"},
       {train_with({"--momentum", "1"}), "train: --momentum \"1\" is not a number of at least 0 and below 1; give one"},
       {train_with({"--loss", "logistc"}),
        "train: --loss \"logistc\" is not one of mse, sse, mae, huber, quantile, logistic, cross-entropy, hinge; did "
        "you mean "
        "logistic?"},
       {train_with({"--loss", "huber x"}),
        "loss: after \"huber\" stands \"x\" where a number belongs; correct it or leave it out"},
       {train_with({"--loss", "quantile"}),
        "train: --loss quantile is for numbers and the target is classes; give logistic, cross-entropy or hinge, or "
        "--task regression"},
       {train_with({"--schedule", "cosine 2"}), "schedule: \"cosine\" takes no number; leave out the rest"},
       {train_with({"--lr", "0"}), "train: --lr \"0\" is not a number above 0; give one"},
       {train_with({"--lr", "automatic"}), "train: --lr \"automatic\" is neither a number nor auto; give one"},
       {train_with({"--init-weights", "nrmal:1"}),
        "initializer: there is no \"nrmal\"; did you mean \"normal\"? use one of zeros, constant, normal, uniform, "
        "glorot-uniform, glorot-normal, he-uniform, he-normal, lecun-uniform, lecun-normal"},
       {train_with({"--init-weights", "normal:-1"}),
        "initializer: \"normal:-1\" has a negative spread; write for example normal:0.1"},
       {train_with({"--init-weights", "he-normal:2"}), "initializer: \"he-normal\" takes no number; write he-normal"}});
}

TEST_F(ProgramRefuses, OptionsThatDoNotFitTogether) {
  directory.write("numbers.csv", "x,y\n1,0.5\n2,1.5\n3,2.5\n4,3.25\n");
  expect_refused(
      directory,
      {{train_with({"--validation", "0.6", "--test", "0.6"}),
        "train: --validation 0.6 and --test 0.6 leave no rows to train on; give less"},
       {train_with({"--validation", "0.2"}),
        "train: --validation 0.2: 3 rows are too few to set some aside (50 are needed); leave it out or give a file"},
       {train_with({"--validation", "absent.csv"}),
        "absent.csv: cannot be opened (No such file or directory); check the path"},
       {train_with({"--patience", "3"}),
        "train: --patience needs validation rows and there are none; give --validation or leave it out"},
       {train_with({"--restarts", "3"}),
        "train: --restarts begins again while --target-loss is not reached; give --target-loss, for example 0.01"},
       {train_with({"--momentum", "0.5"}),
        "train: --momentum is for the optimizers momentum and nesterov, not adam; give --optimizer momentum"},
       {train_with({"--label-smoothing", "0.1", "--loss", "mse"}),
        "train: --label-smoothing is for --loss cross-entropy, not mse; leave one of them out"},
       {{"train", "good.csv", "--target", "1", "--numeric", "kind"},
        "good.csv: column \"kind\" has 3 text cells among 0 numbers (lines 2, 3, 4; the first: \"cat\"); the column is "
        "numeric: correct them, or pass --na \"cat\" to take them as missing"},
       {train_with({"--delimiter", ",", "--decimal", ","}),
        "train: --delimiter and --decimal are both \",\"; they must differ"},
       {train_with({"--folds", "3", "--test", "0.2"}),
        "train: --folds tests every row once, so --test has nothing to add; leave one out"},
       {train_with({"--folds", "3", "--time", "height"}),
        "train: --folds would test on the past, which --time excludes; leave one out"},
       {train_with({"--group", "weight", "--time", "height"}),
        "train: --group and --time split the rows in two ways; leave one out"},
       {train_with({"--delimiter", "ab"}),
        "train: --delimiter \"ab\" cannot separate cells; give one character such as , ; |, or tab or space"},
       {train_with({"--class-weights", "1"}),
        "train: --class-weights \"1\" is not a class with its weight; write balanced, or \"cat=2,dog=1\""},
       {train_with({"--class-weights", "cat=2,cow=1"}),
        "train: --class-weights names \"cow\", which is no class; the classes are cat, dog"},
       {train_with({"--class-weights", "cat=2, dog=-1"}),
        "train: --class-weights gives \"dog\" the weight \"-1\"; give a number of at least 0"},
       {train_with({"--class-weights", "cat=,dog=1"}),
        "train: --class-weights gives \"cat\" the weight \"\"; give a number of at least 0"},
       {train_with({"--class-weights", "cat=2,cat=1"}),
        "train: --class-weights names \"cat\" twice; give each class one weight"},
       {train_with({"--class-weights", "cat=0,dog=0"}),
        "train: --class-weights gives every class the weight 0; at least one must count"},
       {{"train", "numbers.csv", "--target", "y", "--class-weights", "balanced"},
        "train: --class-weights is for classes and the target \"y\" is a number; leave it out, or give --task "
        "classification"},
       {train_with({"--optimizer", "lbfgs", "--batch", "2"}),
        "train: --optimizer lbfgs takes all rows in each step, not --batch 2; give --batch all"},
       {train_with({"--optimizer", "lbfgs", "--clip-norm", "1"}),
        "train: --optimizer lbfgs finds the length of its steps itself; leave out --clip-norm"},
       {train_with({"--optimizer", "lbfgs", "--net", "dense 4, dropout 0.5"}),
        "train: --optimizer lbfgs needs a loss that stays the same and the network has dropout 0.5; leave dropout out "
        "of --net"},
       {train_with({"--schedule", "one-cycle", "--warmup", "0.1"}),
        "train: --schedule one-cycle rises by itself; leave out --warmup"},
       {train_with({"--loss", "hinge", "--net", "4, output sigmoid"}),
        "train: --loss hinge needs the output identity and --net names sigmoid; leave one of them out"},
       {train_with({"--embed-above", "-1"}),
        "train: --embed-above \"-1\" is not a whole number of at least 0; give one"},
       {{"plan", "--net", "4"}, "plan: give a model, or --net SPEC and --input N"},
       {{"plan", "--net", "4", "--input", "8x"}, "plan: --input \"8x\" is not a shape; give 64 or 28x28"}});
}

// A safetensors file with this header and `bytes` zeros behind it.
std::string safetensors(const std::string& header, std::size_t bytes) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return file + header + std::string(bytes, '\0');
}

// Each command that reads a model says the same about a bad one.
TEST_F(ProgramRefuses, HostileModels) {
  directory.write("table.safetensors", "a,b\n1,2\n");
  directory.write("huge.safetensors", std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F{}", 10));
  directory.write("tensors.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4));
  directory.write("overlap.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                                     R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                                     12));
  ASSERT_EQ(
      run_program({"train", "xor", "--quiet", "--out", "whole.safetensors"}, {.directory = directory.path()}).code, 0);
  const std::string whole = directory.read("whole.safetensors");
  directory.write("cut.safetensors", whole.substr(0, whole.size() - 4));
  for (const char* name : {"table", "huge", "tensors", "overlap", "cut", "absent"}) {
    const std::string file = std::string(name) + ".safetensors";
    const ProgramResult shown = run_program({"show", file}, {.directory = directory.path()});
    EXPECT_EQ(shown.code, 2) << file;
    EXPECT_TRUE(shown.err.starts_with("hillock: " + file + ": ")) << shown.err;
    const std::string line =
        shown.err.substr(std::string("hillock: ").size(), shown.err.find('\n') - std::string("hillock: ").size());
    EXPECT_NE(line.find(';'), std::string::npos) << "says what to do: " << line;
    expect_refused(directory, {{"show", file}, line});
    expect_refused(directory, {{"evaluate", file, "xor"}, line});
    expect_refused(directory, {{"predict", file, "xor", "--out", "p.csv"}, line});
    expect_refused(directory, {{"plan", file}, line});
    if (name != std::string("tensors")) expect_refused(directory, {{"train", "xor", "--init", file}, line});
  }
  expect_refused(directory,
                 {{"train", "xor", "--init", "tensors.safetensors"},
                  "tensors.safetensors: has no tensor \"dense1.weight\" [2, 16]; give a file with every parameter of "
                  "the network"});
}

TEST_F(ProgramRefuses, DataThatDoNotFitTheModel) {
  directory.write("all.csv", "a,b,y\n1,2,0\n2,1,1\n3,3,0\n4,1,1\n");
  directory.write("less.csv", "a,y\n1,0\n");
  directory.write("other.csv", "a,b,y\n1,2,7\n");
  ASSERT_EQ(run_program({"train", "all.csv", "--target", "y", "--quiet"}, {.directory = directory.path()}).code, 0);
  const auto starts = [&](const std::vector<std::string>& arguments, const std::string& beginning) {
    const ProgramResult result = run_program(arguments, {.directory = directory.path()});
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(result.err.starts_with("hillock: " + beginning)) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1);
    EXPECT_EQ(result.out, "");
  };
  starts({"predict", "all.safetensors", "less.csv"}, "less.csv: ");
  starts({"evaluate", "all.safetensors", "other.csv"}, "other.csv: ");
  starts({"predict", "all.safetensors", "all.csv", "--keep", "c"}, "all.csv: has no column \"c\" to keep; ");
  starts({"predict", "all.safetensors", "all.csv", "--out", "absent/p.csv"}, "absent/p.csv: cannot be written ");
  const std::string model = directory.read("all.safetensors");
  for (const char* input : {"all.safetensors", "all.csv"}) {
    starts({"predict", "all.safetensors", "all.csv", "--out", input},
           std::string("predict: --out ") + input + " is a file that the predictions come from; give another");
  }
  EXPECT_EQ(directory.read("all.safetensors"), model);
}

}  // namespace
}  // namespace hillock::testing
