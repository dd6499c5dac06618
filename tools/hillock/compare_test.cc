// hillock compare from outside: its table, curves, CSV, SVG and JSON. Its runs equal those of hillock train.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) result.push_back(field);
  return result;
}

struct ProgramCompares : ::testing::Test {
  ProgramResult run(const std::vector<std::string>& arguments, int code = 0) {
    ProgramResult result = run_program(arguments, {.directory = directory.path()});
    EXPECT_EQ(result.code, code) << result.err;
    return result;
  }
  Json compare(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "compare");
    arguments.insert(arguments.end(), {"--json", "--quiet"});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
  }
  Json train(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "train");
    arguments.insert(arguments.end(), {"--json", "--quiet", "--out", directory.file("model.safetensors")});
    return Json::parse(run(arguments).out);
  }
  // Every run of `compared` must equal a training of its seed alone with `arguments` and the combination's options.
  void expect_same_as_alone(const Json& compared, const std::vector<std::string>& arguments, const char* metric) {
    for (const Json& combination : compared["combinations"]) {
      for (const Json& of_seed : combination["runs"]) {
        std::vector<std::string> all = arguments;
        for (const auto& [key, value] : combination["options"].items()) {
          all.push_back("--" + key);
          all.push_back(value);
        }
        all.insert(all.end(), {"--seed", std::to_string(of_seed["seed"].get<int>())});
        SCOPED_TRACE(of_seed["seed"].dump() + " " + combination["options"].dump());
        const Json alone = train(all);
        EXPECT_EQ(of_seed["parameters_sha256"], alone["parameters_sha256"]);
        EXPECT_EQ(of_seed["epochs"], alone["epochs"]);
        EXPECT_EQ(of_seed["steps"], alone["steps"]);
        EXPECT_EQ(of_seed["stopped"], alone["stopped"]);
        const std::string part = combination["part"];
        EXPECT_EQ(of_seed["loss"], alone[part]["loss"]);
        EXPECT_EQ(of_seed[metric], alone[part][metric]);
      }
    }
  }

  TemporaryDirectory directory;
};

TEST_F(ProgramCompares, RunsOfXorAreThoseOfTrain) {
  const std::vector<std::string> arguments{"xor", "--epochs", "120"};
  std::vector<std::string> call = arguments;
  call.insert(call.end(), {"--vary", "activation=sigmoid,relu", "--vary", "optimizer=sgd,adam", "--vary",
                           "init-weights=glorot-uniform,normal:2", "--seeds", "9", "--seed", "5"});
  const Json compared = compare(call);
  ASSERT_EQ(compared["combinations"].size(), 8u);
  EXPECT_EQ(compared["combinations"][1]["options"],
            Json({{"activation", "sigmoid"}, {"optimizer", "sgd"}, {"init-weights", "normal:2"}}));
  EXPECT_EQ(compared["combinations"][0]["runs"].size(), 9u);
  EXPECT_EQ(compared["combinations"][0]["runs"][8]["seed"], 13);
  expect_same_as_alone(compared, arguments, "accuracy");
}

// Each seed has a split of its own.
TEST_F(ProgramCompares, RunsOfDigitsAreThoseOfTrain) {
  const std::vector<std::string> arguments{"digits", "--epochs", "2", "--net", "12"};
  std::vector<std::string> call = arguments;
  call.insert(call.end(), {"--vary", "lr=0.003,0.01", "--seeds", "3", "--threads", "2"});
  const Json compared = compare(call);
  EXPECT_EQ(compared["combinations"][0]["part"], "test");
  expect_same_as_alone(compared, arguments, "accuracy");
}

TEST_F(ProgramCompares, RunsOfARegressionAreThoseOfTrain) {
  std::string csv = "a,b,kind,y\n";
  for (int i = 0; i < 80; ++i) {
    const double a = std::sin(i * 1.7), b = std::cos(i * 0.9);
    csv += std::to_string(a) + "," + std::to_string(b) + (i % 3 == 0 ? ",red," : ",blue,") +
           std::to_string(a * b + (i % 3)) + "\n";
  }
  directory.write("table.csv", csv);
  const std::vector<std::string> arguments{"table.csv", "--target", "y", "--epochs", "15", "--net", "6"};
  std::vector<std::string> call = arguments;
  call.insert(call.end(), {"--vary", "batch=8,all", "--vary", "dtype=f32,f64", "--seeds", "8"});
  const Json compared = compare(call);
  EXPECT_EQ(compared["task"], "regression");
  expect_same_as_alone(compared, arguments, "rmse");
}

// The 40 towns are embedded. Seeds with different splits are trained one by one. Eight seeds that use the same rows,
// all of them in each step, are trained side by side.
TEST_F(ProgramCompares, RunsOfATableWithAnEmbeddedColumnAreThoseOfTrain) {
  std::string csv = "a,town,y\n";
  for (int i = 0; i < 120; ++i) {
    const int town = i * 7 % 40;
    const double a = std::sin(i * 1.7);
    csv += std::to_string(a) + ",t" + std::to_string(town) + "," + std::to_string(std::cos(town) + a) + "\n";
  }
  directory.write("towns.csv", csv);
  for (const char* share : {"0.15", "0"}) {
    const std::vector<std::string> arguments{"towns.csv", "--target",     "y",   "--epochs", "4",  "--net",
                                             "6",         "--validation", share, "--test",   share};
    for (const char* varied : {"batch=16,all", "optimizer=lbfgs"}) {
      std::vector<std::string> call = arguments;
      call.insert(call.end(), {"--vary", varied, "--seeds", "8"});
      expect_same_as_alone(compare(call), arguments, "rmse");
    }
  }
  EXPECT_NE(run({"show", "model.safetensors"}).out.find("embedding1.weight"), std::string::npos);
}

TEST_F(ProgramCompares, ATableAndCurvesForAPerson) {
  const ProgramResult result = run({"compare", "xor", "--vary", "activation=tanh,identity", "--vary", "lr=0.05",
                                    "--seeds", "12", "--epochs", "300"});
  const std::vector<std::string> out = lines(result.out);
  EXPECT_EQ(out[0],
            "combination                    runs failed  train accuracy      loss                  steps       ms");
  EXPECT_EQ(out[1].substr(0, 62), "activation=tanh, lr=0.05         12      0  1.0000 ± 0.0000  ");
  EXPECT_EQ(out[2].substr(0, 45), "activation=identity, lr=0.05     12     12  0");
  EXPECT_EQ(out[4], "accuracy and loss: mean ± standard deviation over the seeds, on the train rows");
  EXPECT_EQ(out[5],
            "failed: the training loss did not come down to a tenth of what a constant loses; steps, time: until it "
            "did, the median");
  EXPECT_EQ(out[7], "training loss, the median of the runs");
  for (std::size_t k = 7; k < out.size(); ++k) EXPECT_LE(out[k].size(), 80u) << out[k];
  EXPECT_NE(result.out.find("300 epochs\n"), std::string::npos);
  EXPECT_EQ(out[out.size() - 2], "  a  activation=tanh, lr=0.05");
  EXPECT_EQ(out.back(), "  b  activation=identity, lr=0.05");
  EXPECT_EQ(result.err, "note: 4 rows are fewer than 50: all are trained on, none are kept for validation or test\n");
  EXPECT_TRUE(directory.names().empty());
}

// A target loss ends runs as it does for train.
TEST_F(ProgramCompares, CountsStepsToATarget) {
  const Json compared =
      compare({"xor", "--target-loss", "0.05", "--vary", "activation=tanh,identity", "--seeds", "10"});
  const Json& learns = compared["combinations"][0];
  const Json& fails = compared["combinations"][1];
  EXPECT_EQ(learns["failed"], 0);
  std::vector<double> steps;
  for (const Json& of_seed : learns["runs"]) {
    EXPECT_EQ(of_seed["stopped"], "target-loss");
    EXPECT_EQ(of_seed["steps_to_target"], of_seed["steps"]);
    EXPECT_LE(of_seed["train_loss"].get<double>(), 0.05);
    steps.push_back(of_seed["steps"]);
  }
  std::ranges::sort(steps);
  EXPECT_EQ(learns["median_steps"].get<double>(), (steps[4] + steps[5]) / 2);
  EXPECT_EQ(fails["failed"], 10);
  EXPECT_TRUE(fails["median_steps"].is_null());
  EXPECT_TRUE(fails["runs"][0]["steps_to_target"].is_null());
}

TEST_F(ProgramCompares, CountsRunsThatAreNotFinite) {
  const Json compared = compare({"xor", "--loss", "mse", "--net", "dense 4 relu, output identity", "--optimizer", "sgd",
                                 "--vary", "lr=0.1,1000", "--seeds", "8"});
  EXPECT_EQ(compared["combinations"][0]["not_finite"], 0);
  EXPECT_GE(compared["combinations"][1]["not_finite"].get<int>(), 1);
  const Json& runs = compared["combinations"][1]["runs"];
  const auto bad = std::ranges::find_if(runs, [](const Json& one) { return one["stopped"] == "not-finite"; });
  ASSERT_NE(bad, runs.end());
  EXPECT_TRUE((*bad)["failed"].get<bool>());
  EXPECT_NE((*bad)["explanation"].get<std::string>().find(" at step "), std::string::npos);
}

TEST_F(ProgramCompares, WritesCurvesAsCsvAndSvg) {
  const std::vector<std::string> call{"compare", "digits", "--net",       "8",      "--epochs",
                                      "6",       "--vary", "lr=0.01",     "--vary", "loss=cross-entropy,mse",
                                      "--seeds", "2",      "--log-every", "4",      "--csv",
                                      "c.csv",   "--svg",  "c.svg",       "--quiet"};
  EXPECT_EQ(run(call).out, "");
  const std::string csv = directory.read("c.csv"), svg = directory.read("c.svg");
  const std::vector<std::string> rows = lines(csv);
  EXPECT_EQ(rows[0], "lr,loss,seed,epoch,steps,train_loss,validation_loss");
  ASSERT_EQ(rows.size(), 1u + 2 * 2 * 3);  // epochs 1, 4 and the last
  for (const std::size_t k : {1u, 2u, 3u}) {
    const std::vector<std::string> row = fields(rows[k]);
    ASSERT_EQ(row.size(), 7u);
    EXPECT_EQ(row[1], "cross-entropy");
    EXPECT_EQ(row[2], "0");
    EXPECT_EQ(row[3], std::vector<std::string>({"1", "4", "6"})[k - 1]);
    EXPECT_GT(std::stod(row[5]), 0);
    EXPECT_GT(std::stod(row[6]), 0);
  }
  EXPECT_EQ(svg.substr(0, 5), "<svg ");
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
  EXPECT_EQ(std::ranges::count(lines(svg), std::string("")), 0);
  std::size_t polylines = 0;
  for (std::size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos; ++at) ++polylines;
  EXPECT_EQ(polylines, 2u);
  EXPECT_NE(svg.find("lr=0.01, loss=mse"), std::string::npos);
  // A second call writes the same bytes.
  run(call);
  EXPECT_EQ(directory.read("c.csv"), csv);
  EXPECT_EQ(directory.read("c.svg"), svg);
}

// Two threads train one run after another: 2 epochs of seed 0, a million of seed 0, 2 of seed 1, a million of seed 1.
// So two of the six runs end. The signal is sent after a line that is printed two seconds after the start.
TEST_F(ProgramCompares, ReportsOnCtrlCTheRunsThatHadEnded) {
  const ProgramResult result =
      run_program({"compare", "digits", "--net", "8", "--vary", "epochs=2,1000000", "--patience", "0", "--seeds", "3",
                   "--csv", "c.csv", "--svg", "c.svg", "--json", "--threads", "2", "--vary", "lr=0.01"},
                  {.directory = directory.path(), .interrupt_after = "2 of 6 runs have ended\n"});
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_NE(result.err.find("epochs=2, lr=0.01          2/3      0  0."), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("epochs=1000000, lr=0.01    0/3      0  -  "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("interrupted: runs that had not ended are left out\n"), std::string::npos);
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json["interrupted"], true);
  EXPECT_EQ(json["seeds"], 3);
  const Json& done = json["combinations"][0];
  ASSERT_EQ(done["runs"].size(), 2u);
  EXPECT_EQ(json["combinations"][1]["runs"].size(), 0u);
  EXPECT_TRUE(json["combinations"][1]["loss"]["mean"].is_null());
  const Json alone = train({"digits", "--net", "8", "--epochs", "2", "--patience", "0", "--lr", "0.01", "--seed", "1"});
  EXPECT_EQ(done["runs"][1]["parameters_sha256"], alone["parameters_sha256"]);
  EXPECT_EQ(done["runs"][1]["loss"], alone["test"]["loss"]);
  const std::string svg = directory.read("c.svg");
  EXPECT_EQ(lines(directory.read("c.csv")).size(), 1u + 2 * 2);
  EXPECT_NE(svg.find("10th to 90th percentile of the runs that had ended<"), std::string::npos);
  EXPECT_EQ(svg.find("epochs=1000000"), std::string::npos);
}

TEST_F(ProgramCompares, DrawsTheValidationLossIfAskedTo) {
  const std::vector<std::string> call{"compare", "digits",  "--net", "8",     "--epochs", "3",     "--vary",
                                      "lr=0.01", "--seeds", "1",     "--csv", "c.csv",    "--svg", "c.svg"};
  run(call);
  const std::string training = directory.read("c.svg"), csv = directory.read("c.csv");
  std::vector<std::string> other = call;
  other.insert(other.end(), {"--curve", "validation"});
  const ProgramResult result = run(other);
  const std::string validation = directory.read("c.svg");
  EXPECT_EQ(directory.read("c.csv"), csv);
  EXPECT_NE(validation, training);
  EXPECT_NE(validation.find("digits: validation loss, median and"), std::string::npos);
  EXPECT_NE(result.out.find("validation loss, the median of the runs\n"), std::string::npos) << result.out;
  // The scale of the chart ranges from the first epoch's loss to the last one's.
  const std::vector<std::string> first = fields(lines(csv)[1]), last = fields(lines(csv)[3]);
  EXPECT_NE(result.out.find(fmt::format("{:.3g} |a", std::stod(first[5]))), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(fmt::format("{:.3g} |", std::stod(last[5]))), std::string::npos) << result.out;
  run({"compare", "digits", "--curve", "train", "--net", "8", "--epochs", "3", "--vary", "lr=0.01", "--seeds", "1",
       "--svg", "c.svg"});
  EXPECT_EQ(directory.read("c.svg"), training);
}

TEST_F(ProgramCompares, ValuesWithCommasStandBetweenBars) {
  const Json compared = compare({"xor", "--vary", "net=3|dense 4 relu, 2|", "--seeds", "1", "--epochs", "2"});
  ASSERT_EQ(compared["combinations"].size(), 3u);
  EXPECT_EQ(compared["combinations"][1]["options"]["net"], "dense 4 relu, 2");
  EXPECT_EQ(compared["combinations"][2]["options"]["net"], "");
}

TEST_F(ProgramCompares, AFlagAndTheDataCanVary) {
  directory.write("t.csv", "a,b,y\n1,2,p\n2,1,q\n3,5,p\n4,3,q\n");
  const Json compared = compare({"t.csv", "--target", "y", "--vary", "no-shuffle=true,false", "--vary",
                                 "scale=standard,none", "--batch", "2", "--seeds", "2", "--epochs", "3"});
  ASSERT_EQ(compared["combinations"].size(), 4u);
  const auto sha = [&](std::size_t k) { return compared["combinations"][k]["runs"][0]["parameters_sha256"]; };
  EXPECT_NE(sha(0), sha(1));
  EXPECT_NE(sha(0), sha(2));
}

TEST_F(ProgramCompares, RefusesWhatCannotBeVaried) {
  const auto expect_refused = [&](const std::vector<std::string>& more, const std::string& line) {
    std::vector<std::string> call{"compare", "xor"};
    call.insert(call.end(), more.begin(), more.end());
    const ProgramResult result = run(call, 2);
    EXPECT_EQ(result.err, "hillock: " + line + "\n");
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(directory.names().empty());
  };
  expect_refused({"--vary", "lr"},
                 "compare: --vary \"lr\" is not OPTION=VALUE,VALUE,…; give for example \"lr=0.01,0.1\"");
  expect_refused({"--vary", "optimiser=sgd"},
                 "compare: --vary \"optimiser\": there is no such option of training; did you mean optimizer?");
  expect_refused({"--vary", "zzzz=1"},
                 "compare: --vary \"zzzz\": there is no such option of training; hillock help compare lists them");
  expect_refused({"--vary", "lr=0.1,fast"}, "compare: --lr \"fast\" is neither a number nor auto; give one");
  expect_refused({"--vary", "activation=relu,rleu"},
                 "compare: --activation \"rleu\" is not one of identity, sigmoid, tanh, relu, leaky-relu, elu, selu, "
                 "gelu, silu, mish, softplus, softmax; did you mean relu?");
  expect_refused({"--lr", "1", "--vary", "lr=0.01,0.1"},
                 "compare: --lr is given and --vary lr gives it other values; leave one out");
  expect_refused({"--init-weights", "zeros", "--vary", "init=zeros,he-normal"},
                 "compare: --init-weights is given and --vary init-weights gives it other values; leave one out");
  expect_refused({"--vary", "lr=0.1,0.1"}, "compare: --vary lr has \"0.1\" twice; leave one out");
  expect_refused({"--vary", "lr=0.1", "--vary", "lr=1"}, "compare: --vary lr stands twice; give all its values in one");
  expect_refused({"--vary", "batch=2,some"},
                 "compare: with batch=some: train: --batch \"some\" is neither a whole number of at least 1 nor all; "
                 "give one");
  expect_refused({"--vary", "no-shuffle=maybe"},
                 "compare: --vary no-shuffle: \"maybe\" is no value of --no-shuffle; hillock help train says what it "
                 "takes");
  expect_refused({"--seeds", "0"}, "compare: --seeds \"0\" is not a whole number of at least 1; give one");
  expect_refused({"--curve", "validation", "--vary", "lr=0.1,1"},
                 "compare: --curve validation needs validation rows and there are none with lr=0.1; give --validation "
                 "or leave --curve out");
  expect_refused({"--curve", "test"}, "compare: --curve \"test\" is not one of train, validation; give one of them");
  expect_refused({"--restarts", "3"},
                 "compare: there is no option --restarts; hillock help compare lists what there is");
}

TEST_F(ProgramCompares, HelpTellsItsOptions) {
  const std::string help = run({"help", "compare"}).out;
  for (const char* word : {"--vary", "--seeds", "--svg", "--csv", "--json", "--activation", "--log-every"})
    EXPECT_NE(help.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace hillock::testing
