// hillock trace as a user calls it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "hillock/model.h"
#include "tests/program.h"

namespace hillock {
namespace {

using testing::run_program;

std::string last_line(const std::string& text) {
  const std::size_t end = text.rfind('\n', text.size() - 2);
  return text.substr(end == std::string::npos ? 0 : end + 1);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// By hand: x = (0, 1), t = 1, both weights ½, no bias. z = ½, p = 1 / (1 + e^-½) = 0.622459, E = −log p = 0.474077,
// δ = p − t = −0.377541, which is ∂E/∂w of x2 and ∂E/∂b; at η = 0.1 the weight becomes 0.5377541.
TEST(TraceCommand, PrintsAStepThatOneCanFollowByHand) {
  const auto result = run_program({"trace", "--net", "", "xor", "--row", "2", "--init-weights", "constant:0.5"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"row 2 of xor", "0·0.5 + 1·0.5 + 0", "0.622459", "E = −(1·log 0.622459 + 0·log 0.377541) = 0.474077",
        "δ_k = ∂E/∂z_k = (p_k − t_k) / B", "-0.377541", "2 (x2)", "1 (y=1)", "0.537754"}) {
    EXPECT_TRUE(has(result.out, part)) << part << "\n" << result.out;
  }
  EXPECT_TRUE(last_line(result.out).starts_with("audit: gradients and differences are ")) << result.out;
}

TEST(TraceCommand, PrintsOneLayerAndTheLargestOfIt) {
  const auto result =
      run_program({"trace", "--net", "20", "digits", "--row", "3", "--layer", "dense1", "--largest", "5"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "(5 of 1280: those with the largest gradients)")) << result.out;
  EXPECT_TRUE(has(result.out, "dense1: z_k"));
  EXPECT_FALSE(has(result.out, "output: z_k"));
  const auto by_number =
      run_program({"trace", "--net", "20", "digits", "--row", "3", "--layer", "1", "--largest", "5"});
  EXPECT_EQ(by_number.out, result.out);
}

TEST(TraceCommand, TakesStepsOfABatchAndGivesThemAsJson) {
  const auto result =
      run_program({"trace", "--net", "dense 3 tanh", "xor", "--rows", "1-4", "--steps", "3", "--lr", "1", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["rows"], (std::vector<int>{1, 2, 3, 4}));
  ASSERT_EQ(json["steps"].size(), 3u);
  EXPECT_EQ(json["steps"][0]["layers"][0]["z"]["value"].size(), 4u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_LE(json["steps"][k]["audit"]["largest"].get<double>(), 1e-6);
    if (k == 0) continue;  // later steps begin where the previous one ended
    const auto &now = json["steps"][k], &before = json["steps"][k - 1];
    EXPECT_EQ(now["parameters"][0]["value"], before["parameters"][0]["after"]);
    EXPECT_NEAR(now["loss"].get<double>(), before["loss_after"].get<double>(), 1e-15);
  }
}

// By hand: sepal length 4.6 of row 7, mean 5.84333, 1 / deviation 1.21168.
TEST(TraceCommand, ShowsWhatStandsBeforeTheNetwork) {
  const auto result = run_program({"trace", "--net", "dense 2 tanh", "iris", "--row", "7"});
  ASSERT_EQ(result.code, 0) << result.err;
  const std::size_t section = result.out.find("── preparation, before training ──");
  ASSERT_NE(section, std::string::npos) << result.out;
  EXPECT_LT(section, result.out.find("── forward ──"));
  EXPECT_NE(result.out.find("scale1: a_k = (in_k − offset_k) factor_k", section), std::string::npos) << result.out;
  EXPECT_FALSE(has(result.out, "impute1")) << "nothing is missing in this row";
  const auto json = nlohmann::json::parse(run_program({"trace", "--net", "2", "iris", "--row", "7", "--json"}).out);
  ASSERT_EQ(json["preparation"].size(), 2u);
  EXPECT_EQ(json["preparation"][0]["kind"], "impute");
  const auto& scale = json["preparation"][1];
  EXPECT_EQ(scale["name"], "scale1");
  EXPECT_EQ(scale["a"], json["features"]);
  EXPECT_NEAR(scale["statistics"]["offset"][0].get<double>(), 5.84333, 1e-5);
  EXPECT_NEAR(scale["a"][0][0].get<double>(), (4.6 - 5.84333) * scale["statistics"]["factor"][0].get<double>(), 1e-5);
  const auto none = run_program({"trace", "--net", "2", "xor", "--row", "2"});
  ASSERT_EQ(none.code, 0) << none.err;
  EXPECT_FALSE(has(none.out, "preparation"));
}

// Two columns, a number and a category, and two inputs for the categories: these are not the columns.
TEST(TraceCommand, NamesWhatStandsBeforeTheNetworkAsItIs) {
  const testing::TemporaryDirectory directory;
  directory.write("t.csv", "a,k,y\n1,blue,3\n2,red,5\n,blue,4\n4,red,9\n5,blue,6\n");
  const auto result =
      run_program({"trace", "--net", "2", "t.csv", "--target", "y", "--task", "regression", "--row", "3"},
                  {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  const std::size_t begin = result.out.find("one-hot1:"), end = result.out.find("\n\n", begin);
  ASSERT_NE(begin, std::string::npos) << result.out;
  const std::string section = result.out.substr(begin, end - begin);
  EXPECT_FALSE(has(section, "(a)")) << section;
  EXPECT_FALSE(has(section, "(k)")) << section;
  EXPECT_TRUE(has(result.out, "(k=blue)")) << result.out;
  EXPECT_FALSE(has(result.out, "in_kcategorical_k")) << result.out;
  EXPECT_TRUE(has(result.out, "in_k categorical_k")) << result.out;
}

TEST(TraceCommand, SaysWhereAKinkLies) {
  const auto result = run_program({"trace", "--net", "3", "xor", "--row", "1"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "not counted: 6 gradients on a kink of E")) << result.out;
  EXPECT_TRUE(has(result.out, "     kink\n"));
}

TEST(TraceCommand, TracesAModelWithItsScalingAndNames) {
  const testing::TemporaryDirectory directory;
  std::string table = "size,colour,price\n";
  for (int i = 0; i < 60; ++i)
    table += std::to_string(i * i % 47) + (i % 2 ? ",red," : ",blue,") + std::to_string(3 * i + i % 2 * 10) + "\n";
  directory.write("houses.csv", table);
  const testing::ProgramOptions there{.directory = directory.path()};
  ASSERT_EQ(run_program({"train", "houses.csv", "--target", "price", "--epochs", "3", "--quiet"}, there).code, 0);
  const auto result = run_program({"trace", "houses.safetensors", "houses.csv", "--row", "2"}, there);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "2 (colour=blue)")) << result.out;
  EXPECT_TRUE(has(result.out, "unscaled 13: price")) << result.out;
  EXPECT_TRUE(has(result.out, "in f64"));
  EXPECT_EQ(directory.names(), (std::vector<std::string>{"houses.csv", "houses.safetensors"}));
}

TEST(TraceCommand, ShowsTimesAsTheyWereRead) {
  const testing::TemporaryDirectory directory;
  std::string table = "when,size,price\n";
  for (int i = 0; i < 9; ++i) table += fmt::format("{},{},{}\n", 1700000003 + 11 * i, i * i % 7, 2000000001 + 5 * i);
  directory.write("sales.csv", table);
  const auto result = run_program({"trace", "--net", "", "sales.csv", "--target", "price", "--row", "2"},
                                  {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "   1700000014\n")) << result.out;
  EXPECT_TRUE(has(result.out, "unscaled 2000000006: price\n")) << result.out;
}

// After the step p is infinite, and the loss inf − inf.
TEST(TraceCommand, TellsOfALossThatIsNoNumberWithoutASign) {
  const auto result =
      run_program({"trace", "--net", "2", "xor", "--rows", "1-4", "--lr", "1e300", "--dtype", "f32", "--summary"});
  EXPECT_TRUE(has(result.out, " before, nan after")) << result.out;
  EXPECT_FALSE(has(result.out, "-nan")) << result.out;
}

std::vector<double> flat(const nlohmann::json& nested) {
  if (!nested.is_array()) return {nested.get<double>()};
  std::vector<double> result;
  for (const auto& item : nested) {
    const std::vector<double> part = flat(item);
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

// Weights of rows and of classes, normalized over all rows, and a clipped gradient: three steps on all rows are three
// epochs of one batch.
TEST(TraceCommand, TakesTheStepsOfTrainWithWeightsAndClippingToTheBit) {
  const testing::TemporaryDirectory directory;
  std::string table = "size,colour,w,bought\n";
  for (int i = 0; i < 20; ++i) {
    table += fmt::format("{},{},{},{}\n", i * i % 47, i % 3 ? "red" : "blue", (i * 7 % 5) * 0.5, i % 4 ? "no" : "yes");
  }
  directory.write("shop.csv", table);
  const testing::ProgramOptions there{.directory = directory.path()};
  const std::vector<std::string> same{"shop.csv", "--target",    "bought",       "--weights",  "w",   "--class-weights",
                                      "balanced", "--net",       "dense 5 tanh", "--dtype",    "f64", "--lr",
                                      "0.3",      "--optimizer", "momentum",     "--momentum", "0.5", "--seed",
                                      "3",        "--clip-norm", "0.05"};
  std::vector<std::string> train{"train", "--validation", "0",   "--test",     "0",        "--epochs",
                                 "3",     "--batch",      "all", "--schedule", "constant", "--quiet"};
  train.insert(train.end(), same.begin(), same.end());
  const auto trained = run_program(train, there);
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Model model = load_model((directory.path() / "shop.safetensors").string());
  std::vector<std::string> trace{"trace", "--rows", "1-20", "--steps", "3", "--json"};
  trace.insert(trace.end(), same.begin(), same.end());
  const auto traced = run_program(trace, there);
  ASSERT_EQ(traced.code, 0) << traced.err;
  const auto json = nlohmann::json::parse(traced.out);
  EXPECT_LT(json["steps"][2]["clip_factor"].get<double>(), 1);
  ASSERT_EQ(json["weights"].size(), 20u);
  EXPECT_EQ(json["weights"][0], 0);
  for (const auto& parameter : json["steps"][2]["parameters"]) {
    const Tensor kept = model.network.parameter(parameter["name"].get<std::string>());
    const std::vector<double> after = flat(parameter["after"]);
    ASSERT_EQ(static_cast<std::int64_t>(after.size()), kept.elements());
    for (std::int64_t i = 0; i < kept.elements(); ++i) {
      EXPECT_EQ(after[static_cast<std::size_t>(i)], kept.at(i)) << parameter["name"];
    }
  }
}

// By hand: weights 2 and 1 have the mean 1.5, so ω = 4/3 for row 1. y = 1 of 1 and 5 is t = −1, p = 0 and x = 1:
// E = ω (p − t)² = 4/3, ∂E/∂w = ∂E/∂b = 8/3. The norm is 8/3 √2 = 3.77124, the limit 1: c = 0.265165.
TEST(TraceCommand, ShowsWeightsAndClipping) {
  const testing::TemporaryDirectory directory;
  directory.write("two.csv", "x,w,y\n1,2,1\n3,1,5\n");
  const auto result =
      run_program({"trace", "--net", "", "two.csv", "--target", "y", "--task", "regression", "--weights", "w",
                   "--scale", "none", "--loss", "mse", "--init-weights", "zeros", "--clip-norm", "1"},
                  {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"E = 1/(B K) Σ ω (p − t)²", "ω is the weight of a row, 1 in the mean over all 2 rows", "    ω = 1.33333\n",
        "∂E/∂p_k = 2 ω (p_k − t_k) / (B K)", "w′ = w − η c ∂E/∂w",
        "c = min(1, 1 / (‖∂E/∂w‖ + 1e-6)), the norm over all 2 parameters: ‖∂E/∂w‖ = 3.77124, c = 0.265165\n"}) {
    EXPECT_TRUE(has(result.out, part)) << part << "\n" << result.out;
  }
}

// The seconds after `what` in a text like "time       one forward pass   6.79 us".
double seconds_behind(const std::string& text, const std::string& what) {
  const std::regex line(what + R"( +([0-9.]+) (us|ms|s)\b)");
  std::smatch found;
  if (!std::regex_search(text, found, line)) return 0;
  return std::stod(found[1]) * (found[2] == "us" ? 1e-6 : found[2] == "ms" ? 1e-3 : 1);
}

// A backward pass costs some forward passes however many parameters there are, while differences cost one pass per
// parameter. With 4810 parameters the former is at most a 50th of the latter, which allows for 96 passes.
TEST(TraceCommand, TimesAllGradientsBesideAsManyDifferences) {
  const auto result = run_program({"trace", "--net", "64", "digits", "--rows", "1-8", "--time", "--summary"});
  ASSERT_EQ(result.code, 0) << result.err;
  const double forward = seconds_behind(result.out, "time       one forward pass"),
               both = seconds_behind(result.out, "           forward and backward pass"),
               differences = seconds_behind(result.out, "           4811 forward passes");
  EXPECT_GT(forward, 0) << result.out;
  EXPECT_GT(both, 0) << result.out;
  EXPECT_GE(differences, 50 * both) << result.out;
  EXPECT_GE(differences, 500 * forward) << result.out;
  EXPECT_TRUE(has(result.out, " forward passes, all 4810 gradients\n")) << result.out;
  EXPECT_TRUE(has(result.out, "what forward differences of 4810 parameters need: ")) << result.out;
  EXPECT_TRUE(last_line(result.out).starts_with("audit: ")) << result.out;
}

TEST(TraceCommand, GivesTimesAsJsonWithEverythingElse) {
  const std::vector<std::string> call{"trace", "--net", "dense 2 tanh", "xor", "--row", "2", "--json"};
  const auto without = run_program(call);
  auto timed = call;
  timed.emplace_back("--time");
  const auto with = run_program(timed);
  ASSERT_EQ(with.code, 0) << with.err;
  auto json = nlohmann::json::parse(with.out);
  const auto times = json["times"];
  EXPECT_EQ(times["parameters"], 9);
  EXPECT_EQ(times["passes"], 10);
  EXPECT_EQ(times["passes_run"], 10);
  EXPECT_GT(times["forward"].get<double>(), 0);
  EXPECT_GT(times["forward_backward"].get<double>(), 0);
  EXPECT_GT(times["differences"].get<double>(), 0);  // the test above, with more parameters, says how much more
  json.erase("times");
  EXPECT_EQ(json, nlohmann::json::parse(without.out));  // measuring changes nothing else
}

// If all gradients are compared, they are compared whether or not they are printed.
TEST(TraceCommand, SummaryIsTheNetworkAndTheLastLines) {
  const std::vector<std::string> call{"trace", "--net", "16", "digits", "--rows", "1-32"};
  auto summary = call;
  summary.emplace_back("--summary");
  const auto all = run_program(call), some = run_program(summary);
  ASSERT_EQ(some.code, 0) << some.err;
  EXPECT_EQ(std::count(some.out.begin(), some.out.end(), '\n'), 9) << some.out;
  EXPECT_TRUE(all.out.starts_with(some.out.substr(0, some.out.find("\n\nstep"))));
  EXPECT_TRUE(all.out.ends_with(some.out.substr(some.out.find("\n\nstep")))) << some.out;
}

// The largest of each layer are only compared if they are printed.
TEST(TraceCommand, SummaryOfALargeNetworkComparesTheSampleAlone) {
  const auto compared = [](const std::vector<std::string>& call) {
    const auto result = run_program(call);
    EXPECT_EQ(result.code, 0) << result.err;
    const std::string before = ", of ";
    return std::stoi(result.out.substr(result.out.rfind(before) + before.size()));
  };
  const std::vector<std::string> call{"trace", "--net", "150",
                                      "digits"};  // 11 260 parameters, of which every second is compared
  auto summary = call;
  summary.emplace_back("--summary");
  const int sample = compared(summary);
  EXPECT_GE(sample, 11260 / 2);
  EXPECT_LT(sample, compared(call));
}

// The input of a residual block goes two ways, and its gradient comes back by both: through the first layer and
// directly.
TEST(TraceCommand, ShowsLayersInOthers) {
  const auto result = run_program(
      {"trace", "--net", "dense 3 tanh, residual(layer-norm, dense 3 sigmoid)", "xor", "--rows", "1-4", "--seed", "1"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"\nresidual1.layer-norm1: n_k = (in_k − m) / √(v + 1e-05),  a_k = g_k n_k + b_k,  m and v mean and variance of "
        "the row\n",
        "\nresidual1.dense1: z_k = Σ_j a_j w_jk + b_k,  a = sigmoid(z) = 1 / (1 + e^−z)\n",
        "\nresidual1: a_k = in_k + f_k,  f what residual1.dense1 gives\n",
        "\ndense1: ∂E/∂a_j = (y_j − mean y − n_j mean y n) / √(v + 1e-05),  y_k = g_k ∂E/∂a_k of "
        "residual1.layer-norm1, "
        "plus ∂E/∂a_j of residual1\n",
        "\nresidual1.dense1: ∂E/∂a_j = ∂E/∂a_j of residual1\n", "  ∂E/∂g_k = ∂E/∂a_k n_k, summed over the 4 rows\n",
        "\n  residual1.layer-norm1.gain\n"}) {
    EXPECT_TRUE(has(result.out, part)) << part << "\n" << result.out;
  }
  const auto one = run_program({"trace", "--net", "residual(dense 2 tanh)", "xor", "--layer", "residual1.dense1"});
  EXPECT_TRUE(has(one.out, "residual1.dense1: z_k")) << one.err;
  EXPECT_FALSE(has(one.out, "residual1: a_k"));
  const auto json = nlohmann::json::parse(
      run_program({"trace", "--net", "residual(dense 2 tanh, layer-norm 0.5)", "xor", "--json"}).out);
  const auto& layers = json["steps"][0]["layers"];
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_EQ(layers[1]["kind"], "layer-norm");
  EXPECT_EQ(layers[1]["epsilon"], 0.5);
  EXPECT_EQ(layers[2]["name"], "residual1");
  EXPECT_LE(json["audit"]["largest"].get<double>(), 1e-9);
}

TEST(TraceCommand, RefusesInOneLine) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"xor"}, "give a model and data, or --net SPEC and data"},
      {{"--net", "3"}, "the data are missing"},
      {{"--net", "3", "xor", "xor"}, "--net takes the place of a model"},
      {{"--net", "3", "xor", "--row", "9"}, "row 9 is not there; the data have 4 rows"},
      {{"--net", "3", "xor", "--rows", "3-1"}, "is not a range of rows"},
      {{"--net", "3", "xor", "--row", "1", "--rows", "1-2"}, "leave one out"},
      {{"--net", "3, dropout 0.5, tanh, dense 2 identity, tanh", "xor", "--layer", "dense7"},
       "there is no layer \"dense7\"; the layers are dense1, dropout1, activation1, dense2, output"},
      {{"--net", "3", "xor", "--summary", "--json"}, "--summary prints no layer and --json everything"},
      {{"--net", "3", "xor", "--summary", "--layer", "1"}, "leave out --layer and --json, or --summary"},
      {{"--net", "3", "xor", "--optimizer", "lbfgs"}, "trace another optimizer"},
      {{"--net", "3", "xor", "--momentum", "0.5"}, "--momentum is for the optimizers"},
      {{"m.safetensors", "xor", "--loss", "mse"}, "a model has its own columns"},
  };
  for (const auto& [arguments, message] : cases) {
    std::vector<std::string> all{"trace"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto result = run_program(all);
    EXPECT_EQ(result.code, 2) << message;
    EXPECT_TRUE(has(result.err, message)) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

}  // namespace
}  // namespace hillock
