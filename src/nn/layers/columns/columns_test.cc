// The layers before and behind a network: what they refuse, the steps of their plans, their statistics.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/error_testing.h"
#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/network.h"
#include "hillock/plan.h"

namespace hillock {
namespace {

Network network_of(nn::Layer layer, std::int64_t columns, DType in = DType::f32) {
  return Network({.layer = std::move(layer), .input = {columns}, .dtype = DType::f32, .in = in, .prefix = "before."});
}

std::vector<std::string> steps_of(const Network& network, std::int64_t batch) {
  Graph graph;
  const Value in = graph.input("rows", {*network.options().in, {batch, network.options().input[0]}, {}});
  const Plan plan(graph, {.outputs = {network.describe(graph, in).prediction}});
  std::vector<std::string> names;
  for (const Step& step : plan.steps()) names.push_back(step.name);
  return names;
}

TEST(PreparationLayers, TheirNumbersAreStatisticsWithNamesOfTheirOwn) {
  const Network network = network_of(nn::scale({1, 2}, {3, 4}), 2);
  EXPECT_EQ(network.parameter_count(), 0);
  ASSERT_EQ(network.schema().size(), 2u);
  EXPECT_EQ(network.schema()[0].name, "scale1.offset");
  EXPECT_EQ(network.schema()[0].block, "before.statistics.f64");
  EXPECT_EQ(network.statistic("scale1.factor").at(1), 4);
  EXPECT_EQ(network.copy(DType::f64).statistic("scale1.factor").at(1), 4);
}

// Imputing and scaling are one pass over the numbers, between two steps that change their type.
TEST(PreparationLayers, NumbersAreThreeSteps) {
  const auto both = [](std::int64_t columns) {
    const std::vector<double> some(static_cast<std::size_t>(columns), 2);
    return nn::sequential({nn::impute(some, DType::f64), nn::scale(some, some)});
  };
  for (const std::int64_t batch : {1, 32}) {
    EXPECT_EQ(steps_of(network_of(both(64), 64), batch),
              (std::vector<std::string>{"cast", "fused(equal, select, subtract, multiply)", "cast"}));
    EXPECT_EQ(steps_of(network_of(nn::impute({1, 2}, DType::f32), 2), batch),
              (std::vector<std::string>{"fused(equal, select)"}));
  }
}

// This holds for any number of columns.
TEST(PreparationLayers, TheStepsDoNotGrowWithTheColumns) {
  const auto steps = [](std::size_t times) {
    std::vector<nn::ColumnInputs> columns;
    for (std::size_t k = 0; k < times; ++k) {
      for (const nn::ColumnInputs& column : std::vector<nn::ColumnInputs>{{},
                                                                          {.missing = true},
                                                                          {.cycles = {nn::Cycle::day, nn::Cycle::week}},
                                                                          {.categories = 3},
                                                                          {.categories = 2, .missing = true},
                                                                          {.categories = 9, .embedded = true}})
        columns.push_back(column);
    }
    const std::vector<double> fill(columns.size(), 1);
    const auto count = static_cast<std::int64_t>(columns.size());
    return steps_of(network_of(nn::columns(std::move(columns), nn::impute(fill, DType::f32)), count), 8).size();
  };
  EXPECT_EQ(steps(1), steps(40));
}

TEST(PreparationLayers, RefuseRowsThatTheyWereNotFittedTo) {
  EXPECT_EQ(error_of([] { (void)network_of(nn::scale({1}, {2}), 2); }),
            "scale: the input is f32[1, 2] and it was fitted to 1 columns; give rows of as many");
  EXPECT_EQ(error_of([] {
              (void)nn::unscale({1, 2}, {2});
            }),
            "unscale: 2 offsets and 1 factors; give one of each for each column");
  EXPECT_EQ(error_of([] { (void)nn::columns({{.embedded = true}}, nn::impute({1}, DType::f32)); }),
            "columns: a column of 0 categories is embedded; give 0 for numbers, which are not embedded");
  EXPECT_EQ(error_of([] { (void)nn::cycles({{}, {}}); }), "cycles: no column has a cycle; leave it out");
  EXPECT_EQ(
      error_of([] { (void)nn::columns({{.categories = 2, .cycles = {nn::Cycle::day}}}, nn::impute({1}, DType::f32)); }),
      "columns: a column of categories has cycles; they are for numbers, which are times");
  EXPECT_EQ(error_of([] { (void)nn::cycle_from_name("month"); }), "cycle: \"month\" is none; use day, week or year");
  EXPECT_EQ(error_of([] { (void)nn::one_hot({0, 0}); }), "one-hot: no column has a category; leave it out");
  for (const char* word : {"scale", "unscale", "impute", "missing", "one-hot", "category", "cycles", "columns"}) {
    const nn::LayerRecord* record = nn::find_layer(word);
    ASSERT_NE(record, nullptr) << word;
    EXPECT_FALSE(record->has_text) << word;
    EXPECT_THROW((void)nn::layer(word), Error) << word;
  }
}

}  // namespace
}  // namespace hillock
