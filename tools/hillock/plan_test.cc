// Plans as text, and the times of their steps.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/program.h"
#include "tests/trained.h"

namespace hillock::testing {
namespace {

TEST(Program, PrintsPlans) {
  const TemporaryDirectory directory;
  train(directory, {"xor"});
  const ProgramResult model = run_program({"plan", "xor.safetensors", "--batch", "4"}, {.directory = directory.path()});
  EXPECT_EQ(model.code, 0) << model.err;
  EXPECT_NE(model.out.find("training step, batch 4, adam"), std::string::npos);
  const ProgramResult spec =
      run_program({"plan", "--net", "64, 32", "--input", "8x8", "--outputs", "10", "--optimizer", "sgd"});
  EXPECT_EQ(spec.code, 0) << spec.err;
  EXPECT_NE(spec.out.find("matmul"), std::string::npos);
  EXPECT_NE(spec.out.find("prediction, batch 32"), std::string::npos);
  for (const char* loss : {"mse", "sse", "mae", "logistic", "cross-entropy"}) {
    EXPECT_EQ(run_program({"plan", "--net", "dense 4 tanh", "--input", "3", "--outputs", "2", "--loss", loss}).code, 0)
        << loss;
  }
  EXPECT_EQ(run_program({"plan", "--net", "4", "--input", "3"}).code, 0);
}

TEST(Program, PrintsThePlansBeforeANetworkAndBehindIt) {
  const TemporaryDirectory directory;
  directory.write("heat.csv", "a,kind,y\n3,red,2\n1,blue,4\n?,red,5\n7,green,8\n2,red,10\n");
  train(directory, {"heat.csv", "--target", "y"});
  const ProgramResult model = run_program({"plan", "heat.safetensors"}, {.directory = directory.path()});
  ASSERT_EQ(model.code, 0) << model.err;
  const std::size_t preparation = model.out.find("preparation, once for each row before training, batch 32\n");
  const std::size_t answer = model.out.find("answer, batch 32\n");
  ASSERT_NE(preparation, std::string::npos) << model.out;
  ASSERT_NE(answer, std::string::npos) << model.out;
  EXPECT_LT(model.out.find("prediction, batch 32"), preparation);
  EXPECT_NE(model.out.find("gather", preparation), std::string::npos) << model.out;
  EXPECT_NE(model.out.find("divide, add", answer), std::string::npos) << model.out;
}

TEST(Program, TimesTheStepsOfPlans) {
  const ProgramResult timed =
      run_program({"plan", "--net", "32", "--input", "64", "--outputs", "10", "--time", "--threads", "2"});
  EXPECT_EQ(timed.code, 0) << timed.err;
  EXPECT_NE(timed.out.find("limits of this machine, 2 threads, "), std::string::npos) << timed.out;
  int steps = 0, totals = 0;
  for (const std::string& line : lines(timed.out)) {
    const bool total = line.find("all steps") != std::string::npos;
    if (!total && line.find("matmul") == std::string::npos) continue;
    (total ? totals : steps) += 1;
    // The columns after the name: operations, bytes, microseconds, GFLOP/s, GB/s, percent of the limit.
    std::istringstream columns(line.substr(50));
    std::vector<double> figures;
    for (double figure; columns >> figure;) figures.push_back(figure);
    ASSERT_GE(figures.size(), 6u) << line;
    EXPECT_GT(figures[2], 0) << line;
    EXPECT_NEAR(figures[0] / figures[2] * 1e-3, figures[3], 0.06 + 0.02 * figures[3]) << line;
    EXPECT_GT(figures[5], 0) << line;
  }
  EXPECT_EQ(steps, 5 + 2);  // training: two products forward, three backward; prediction: two
  EXPECT_EQ(totals, 2);
}

}  // namespace
}  // namespace hillock::testing
