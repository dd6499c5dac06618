// What the program refuses: it prints one line that says what, where and what to do, exits with code 2 and writes
// nothing.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/refusal.h"

namespace hillock::testing {
namespace {

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
  std::string numbers = "a,b,c\n1,2,3\n1,12 many,4\n4,5,6\n";
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
        "text.csv: column \"b\" has 1 text cell among 40 numbers (line 3, \"12 many\"); correct them, pass --na-add "
        "\"12 many\" to take it as missing, or pass --categorical \"b\" to take every value as a category"},
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

// Refused before any data are read, although the target column does not exist.
TEST_F(ProgramRefuses, ADefaultOutputThatCannotBeWritten) {
  std::filesystem::create_directory(directory.path() / "good.safetensors");
  expect_refused(directory, {{{"train", "good.csv", "--target", "colour"},
                              "good.safetensors: cannot be written (Is a directory); choose another path"}});
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
      {{{"--"}, "a command is missing; hillock help lists them"},
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
        "train: --loss quantile is for numbers and the target is classes; give logistic, cross-entropy or hinge"},
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

// For each option of train, a value that it refuses.
TEST_F(ProgramRefuses, AValueOfEachOptionOfTrain) {
  expect_refused(
      directory,
      {{train_with({"--task", "clasification"}),
        "train: --task \"clasification\" is not one of auto, classification, regression; did you mean classification?"},
       {train_with({"--header", "maybe"}), "train: --header \"maybe\" is not one of yes, no; give one of them"},
       {train_with({"--decimal", "'"}), "train: --decimal \"'\" is not one of ., ,; give one of them"},
       {train_with({"--delimiter", "5"}),
        "train: --delimiter \"5\" cannot separate cells; give one character such as , ; |, or tab or space"},
       {train_with({"--delimiter", ""}),
        "train: --delimiter \"\" cannot separate cells; give one character such as , ; |, or tab or space"},
       {train_with({"--na"}), "train: --na takes one value and stands once; hillock help train shows how"},
       {train_with({"--drop", ""}), "good.csv: has no column \"\" for --drop; the columns are height, weight, kind"},
       {train_with({"--drop", "5"}), "good.csv: has no column \"5\" for --drop; the columns are height, weight, kind"},
       {train_with({"--numeric", "size"}),
        "good.csv: has no column \"size\" for --numeric; the columns are height, weight, kind"},
       {train_with({"--categorical", "hieght"}),
        "good.csv: has no column \"hieght\" for --categorical; did you mean \"height\"? the columns are height, "
        "weight, kind"},
       {train_with({"--numeric", "height", "--categorical", "height"}),
        "good.csv: column \"height\" is both --numeric and --categorical; leave one out"},
       {train_with({"--missing", "ignore"}),
        "train: --missing \"ignore\" is not one of impute, refuse, drop-rows; give one of them"},
       {train_with({"--scale", "log"}),
        "train: --scale \"log\" is not one of standard, minmax, none; give one of them"},
       {train_with({"--validation", "1.5"}),
        "train: --validation 1.5 is not a fraction from 0 to below 1; give one, or a file"},
       {train_with({"--validation", "-0.1"}),
        "train: --validation -0.1 is not a fraction from 0 to below 1; give one, or a file"},
       {train_with({"--validation", ""}), "train: --validation is empty; give a fraction or a file"},
       {train_with({"--test", "nan"}),
        "nan: is neither a file nor a built-in data set; built in are digits, iris, wdbc, wine, xor"},
       {train_with({"--test", "absent.csv"}),
        "absent.csv: cannot be opened (No such file or directory); check the path"},
       {train_with({"--weights", "kind"}),
        "good.csv: column \"kind\" is the target and cannot be for --weights as well; name another"},
       {train_with({"--group", "kind"}),
        "good.csv: column \"kind\" is the target and cannot be for --group as well; name another"},
       {train_with({"--time", "none"}),
        "good.csv: has no column \"none\" for --time; the columns are height, weight, kind"},
       {train_with({"--folds", "1"}), "train: --folds \"1\" is not a whole number of at least 2; give one"},
       {train_with({"--folds", "4"}), "folds: 4 folds of 3 rows; ask for 2 to as many as there are rows"},
       {train_with({"--dtype", "f16"}), "train: --dtype \"f16\" is not one of f32, f64; give one of them"},
       {train_with({"--net", "0"}),
        "--net: part 1, \"0\": 0 units; a layer has 1 to 1048576; write for example \"64, 32\" or \"dense 64 relu, "
        "dropout 0.2, output sigmoid\""},
       {train_with({"--net", "-3"}),
        "--net: part 1, \"-3\": -3 units; a layer has 1 to 1048576; write for example \"64, 32\" or \"dense 64 relu, "
        "dropout 0.2, output sigmoid\""},
       {train_with({"--net", "dense"}),
        "--net: part 1, \"dense\": dense needs a number of units; write for example \"64, 32\" or \"dense 64 relu, "
        "dropout 0.2, output sigmoid\""},
       {train_with({"--net", "dense 64 relu relu"}),
        "--net: part 1, \"dense 64 relu relu\": \"relu\" is one word too many; write for example \"64, 32\" or \"dense "
        "64 relu, dropout 0.2, output sigmoid\""},
       {train_with({"--net", "conv 3"}),
        "--net: part 1, \"conv 3\": there is no layer \"conv\"; layers are dense, dropout, layer-norm, residual, an "
        "activation, and output at the end; write for example \"64, 32\" or \"dense 64 relu, dropout 0.2, output "
        "sigmoid\""},
       {train_with({"--net", "dropout 1.5"}),
        "--net: part 1, \"dropout 1.5\": the rate \"1.5\" must be at least 0 and below 1; write for example \"64, 32\" "
        "or \"dense 64 relu, dropout 0.2, output sigmoid\""},
       {train_with({"--net", "dropout"}),
        "--net: part 1, \"dropout\": dropout needs one rate; write for example \"64, 32\" or \"dense 64 relu, dropout "
        "0.2, output sigmoid\""},
       {train_with({"--net", "output softmax, 4"}),
        "--net: part 1, \"output softmax\": the output layer comes last; write for example \"64, 32\" or \"dense 64 "
        "relu, dropout 0.2, output sigmoid\""},
       {train_with({"--net", "99999999999999999999"}),
        "--net: part 1, \"99999999999999999999\": there is no layer \"99999999999999999999\"; layers are dense, "
        "dropout, layer-norm, residual, an activation, and output at the end; write for example \"64, 32\" or \"dense "
        "64 relu, dropout 0.2, "
        "output sigmoid\""},
       {train_with({"--net", "100000000, 100000000"}),
        "--net: part 1, \"100000000\": 100000000 units; a layer has 1 to 1048576; write for example \"64, 32\" or "
        "\"dense 64 relu, dropout 0.2, output sigmoid\""},
       {train_with({"--init", "absent.safetensors"}),
        "absent.safetensors: cannot be opened (No such file or directory); check the path"},
       {train_with({"--init-bias", "ones"}),
        "initializer: there is no \"ones\"; use one of zeros, constant, normal, uniform, glorot-uniform, "
        "glorot-normal, he-uniform, he-normal, lecun-uniform, lecun-normal"},
       {train_with({"--init-bias", "constant:x"}),
        "initializer: \"constant:x\" has \"x\" where a number belongs; write for example normal:0.1"},
       {train_with({"--loss", "huber -1"}), "loss: huber -1 is out of range; give a number above 0"},
       {train_with({"--loss", "quantile 2"}), "loss: quantile 2 is out of range; give a number above 0 and below 1"},
       {train_with({"--loss", "mse 3"}), "loss: \"mse\" takes no number; leave out the rest"},
       {train_with({"--label-smoothing", "1"}),
        "train: --label-smoothing \"1\" is not a number of at least 0 and below 1; give one"},
       {train_with({"--label-smoothing", "x"}),
        "train: --label-smoothing \"x\" is not a number of at least 0 and below 1; give one"},
       {train_with({"--class-weights", "cat"}),
        "train: --class-weights \"cat\" is not a class with its weight; write balanced, or \"cat=2,dog=1\""},
       {train_with({"--optimizer", "adm"}),
        "train: --optimizer \"adm\" is not one of sgd, momentum, nesterov, adam, adamw, nadam, adagrad, rmsprop, "
        "lbfgs; did you mean adam?"},
       {train_with({"--lr", "-1"}), "train: --lr \"-1\" is not a number above 0; give one"},
       {train_with({"--lr", ""}), "train: --lr \"\" is neither a number nor auto; give one"},
       {train_with({"--momentum", "-0.1"}),
        "train: --momentum \"-0.1\" is not a number of at least 0 and below 1; give one"},
       {train_with({"--weight-decay", "-1"}), "train: --weight-decay \"-1\" is not a number of at least 0; give one"},
       {train_with({"--clip-norm", "0"}), "train: --clip-norm \"0\" is not a number above 0; give one"},
       {train_with({"--schedule", "linear-ish"}),
        "train: --schedule \"linear-ish\" is not one of constant, step, cosine, exponential, one-cycle, on-plateau; "
        "give one of them"},
       {train_with({"--schedule", "step x"}),
        "schedule: after \"step\" stands \"x\" where a number belongs; correct it or leave it out"},
       {train_with({"--warmup", "2"}), "train: --warmup \"2\" is not a number of at least 0 and at most 1; give one"},
       {train_with({"--batch", "0"}), "train: --batch \"0\" is neither a whole number of at least 1 nor all; give one"},
       {train_with({"--batch", "2.5"}),
        "train: --batch \"2.5\" is neither a whole number of at least 1 nor all; give one"},
       {train_with({"--epochs", "1e3"}), "train: --epochs \"1e3\" is not a whole number of at least 1; give one"},
       {train_with({"--epochs", "99999999999999999999"}),
        "train: --epochs \"99999999999999999999\" is not a whole number of at least 1; give one"},
       {train_with({"--patience", "-1"}), "train: --patience \"-1\" is not a whole number of at least 0; give one"},
       {train_with({"--target-loss", "-1"}), "train: --target-loss \"-1\" is not a number of at least 0; give one"},
       {train_with({"--restarts", "-1"}), "train: --restarts \"-1\" is not a whole number of at least 0; give one"},
       {train_with({"--restarts", "2", "--target-loss", "0.1", "--init", "good.csv"}),
        "train: --init gives the first weights, so --restarts has no others to try; leave one out"},
       {train_with({"--seed", "-1"}), "train: --seed \"-1\" is not a whole number of at least 0; give one"},
       {train_with({"--seed", "x"}), "train: --seed \"x\" is not a whole number of at least 0; give one"},
       {train_with({"--threads", "0"}), "train: --threads \"0\" is not a whole number of at least 1; give one"},
       {train_with({"--threads", "two"}), "train: --threads \"two\" is not a whole number of at least 1; give one"},
       {train_with({"--out", ""}), "output: the path is empty; name a file"},
       {train_with({"--out", "good.csv/m"}), "good.csv/m: cannot be written (Not a directory); choose another path"},
       {train_with({"--log-every", "0"}), "train: --log-every \"0\" is not a whole number of at least 1; give one"},
       {train_with({"--quiet=perhaps"}),
        "train: a value is given to an option that takes none; hillock help train shows how"},
       {train_with({"--net", "4", "--net", "5"}),
        "train: --net takes one value and stands once; hillock help train shows how"},
       {train_with({"-x"}), "train: there is no option -x; hillock help train lists what there is"}});
}

TEST_F(ProgramRefuses, AValueOfEachOptionOfTheOtherCommands) {
  expect_refused(
      directory,
      {{{"evaluate"}, "evaluate: MODEL is required; hillock help evaluate shows how"},
       {{"evaluate", "good.csv"}, "evaluate: DATA is required; hillock help evaluate shows how"},
       {{"evaluate", "good.csv", "good.csv", "--threads", "0"},
        "evaluate: --threads \"0\" is not a whole number of at least 1; give one"},
       {{"evaluate", "good.csv", "good.csv", "--header", "perhaps"},
        "evaluate: --header \"perhaps\" is not one of yes, no; give one of them"},
       {{"evaluate", "good.csv", "good.csv", "--target", "kind"},
        "evaluate: there is no option --target; did you mean --table?"},
       {{"evaluate", "good.csv", "good.csv", "--delimiter", "xx"},
        "good.csv: is a text, no safetensors file; give a file that hillock train wrote"},
       {{"predict"}, "predict: MODEL is required; hillock help predict shows how"},
       {{"predict", "good.csv", "good.csv", "--dtype", "i32"},
        "predict: --dtype \"i32\" is not one of f32, f64; did you mean f32?"},
       {{"predict", "good.csv", "good.csv", "--thread", "1"},
        "predict: there is no option --thread; did you mean --threads?"},
       {{"predict", "good.csv", "good.csv", "--threads", "-2"},
        "predict: --threads \"-2\" is not a whole number of at least 1; give one"},
       {{"predict", "good.csv", "good.csv", "--decimal", ":"},
        "predict: --decimal \":\" is not one of ., ,; give one of them"},
       {{"predict", "good.csv", "good.csv", "--keep"},
        "predict: --keep takes one value and stands once; hillock help predict shows how"},
       {{"predict", "good.csv", "good.csv", "--out", "good.csv"},
        "predict: --out good.csv is a file that the predictions come from; give another"},
       {{"show", ""}, "input: the path is empty; name a file"},
       {{"show"}, "show: MODEL is required; hillock help show shows how"},
       {{"show", "good.csv", "--jsn"}, "show: there is no option --jsn; did you mean --json?"},
       {{"show", "good.csv", "more"}, "show: one argument too many: more; hillock help show shows what it takes"},
       {{"plan"}, "plan: give a model, or --net SPEC and --input N"},
       {{"plan", "good.csv", "--net", "4"},
        "plan: a model has its own network; leave out --net, --input, --outputs, --loss and --dtype"},
       {{"plan", "--net", "4", "--input", "0"}, "plan: --input \"0\" is not a shape; give 64 or 28x28"},
       {{"plan", "--net", "4", "--input", "8", "--outputs", "0"},
        "plan: --outputs \"0\" is not a whole number of at least 1; give one"},
       {{"plan", "--net", "4", "--input", "8", "--batch", "0"},
        "plan: --batch \"0\" is not a whole number of at least 1; give one"},
       {{"plan", "--net", "4", "--input", "8", "--loss", "mee"},
        "plan: --loss \"mee\" is not one of mse, sse, mae, huber, quantile, logistic, cross-entropy, hinge; did you "
        "mean mse?"},
       {{"plan", "--net", "4", "--input", "8", "--optimizer", "sdg"},
        "plan: --optimizer \"sdg\" is not one of sgd, momentum, nesterov, adam, adamw, nadam, adagrad, rmsprop, lbfgs; "
        "give one of them"},
       {{"plan", "--net", "4", "--input", "8", "--dtype", "f8"},
        "plan: --dtype \"f8\" is not one of f32, f64; give one of them"},
       {{"plan", "--net", "4", "--input", "8", "--threads", "0", "--time"},
        "plan: --threads \"0\" is not a whole number of at least 1; give one"},
       {{"plan", "--net", "4 5", "--input", "8"},
        "--net: part 1, \"4 5\": units and an activation are written \"dense 4 5\"; write for example \"64, 32\" or "
        "\"dense 64 relu, dropout 0.2, output sigmoid\""},
       {{"plan", "--net", "4", "--input", "99999999999"},
        "plan: --input \"99999999999\" is not a shape; give 64 or 28x28"},
       {{"plan", "--net", "100000000", "--input", "10000000"},
        "--net: part 1, \"100000000\": 100000000 units; a layer has 1 to 1048576; write for example \"64, 32\" or "
        "\"dense 64 relu, dropout 0.2, output sigmoid\""},
       {{"datasets", "iris"}, "datasets: one argument too many: iris; hillock help datasets shows what it takes"},
       {{"datasets", "--all"}, "datasets: there is no option --all; hillock help datasets lists what there is"},
       {{"help", "trainn"}, "help: there is nothing about \"trainn\"; did you mean train?"},
       {{"help", "train", "more"}, "help: one argument too many: more; hillock help help shows what it takes"},
       {{"--verbose"}, "there is no option --verbose; hillock help lists what there is"}});
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
        "good.csv: column \"kind\" has 3 text cells among 0 numbers (lines 2, 3, 4; 2 different texts: \"cat\", "
        "\"dog\"); the column is numeric: correct them, or pass --coerce \"kind\" to take every text in the column as "
        "missing"},
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
       {train_with({"--optimizer", "lbfgs", "--net", "4, residual(dropout 0.25, 4)"}),
        "train: --optimizer lbfgs needs a loss that stays the same and the network has dropout 0.25; leave dropout out "
        "of --net"},
       {train_with({"--activation", "elu", "--net", "4, residual(4, tanh)"}),
        "train: --activation elu is for all hidden layers and the network has tanh as a layer of its own; leave one "
        "out"},
       {train_with({"--net", "4, residual(8)"}),
        "network: layer 2, \"residual(dense 8 relu)\": the layers in it turn rows of [4] into [8]; their last must "
        "give "
        "[4], to be added to what comes in"},
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

}  // namespace
}  // namespace hillock::testing
