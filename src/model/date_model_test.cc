// Columns of dates in a model: what becomes of them, in the plan, in its file, for a row by names.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "data/data_testing.h"
#include "hillock/model.h"
#include "hillock/plan.h"

namespace hillock {
namespace {

// Every third hour of 300 days, written as 1/14/2024 15:00; some are missing.
std::string table() {
  std::string text = "when,x,y\n";
  for (int row = 0; row < 2400; ++row) {
    const std::string date = date_text(1704067200 + 10800.0 * row);
    const std::string time = date.size() > 10 ? date.substr(10, 6) : "";
    if (row % 50 == 7) {
      text += fmt::format(",{},{}\n", row % 7, row);
    } else {
      text +=
          fmt::format("{}/{}/2024{},{},{}\n", std::stoi(date.substr(5)), std::stoi(date.substr(8)), time, row % 7, row);
    }
  }
  return text;
}

Model model_of(const Dataset& data, DType dtype) {
  Encoding encoding = Encoding::fit(data);
  const std::int64_t inputs = encoding.inputs(data.columns.size());
  const NetworkSpec spec = NetworkSpec::parse("dense 4 tanh");
  Model model{.network = make_network(spec, inputs, 1, dtype),
              .spec = spec,
              .task = data.task,
              .target = data.target,
              .columns = data.columns,
              .classes = {},
              .sample_shape = data.sample_shape,
              .features = fit_scaler(Scale::standard, data),
              .encoding = std::move(encoding),
              .rows_in_f64 = dtype == DType::f32,
              .targets = Scaler::fit(Scale::standard, data.targets),
              .loss = nn::LossKind::mse};
  model.network.initialize(5);
  return model;
}

struct DateModel : testing::TestWithParam<DType> {
  Dataset data = parse(table(), {.target = "y", .widen = true}).train;
  Model model = model_of(data, GetParam());
};

TEST_P(DateModel, MakesInputsOfTheTimeAndItsCycles) {
  const ColumnEncoding& when = model.encoding.columns[0];
  EXPECT_EQ(when.date, DateForm::mdy);
  EXPECT_EQ(when.cycles, (std::vector<nn::Cycle>{nn::Cycle::day, nn::Cycle::week, nn::Cycle::year}));
  EXPECT_TRUE(when.missing);
  const Tensor inputs = model.prepare(data.features);
  ASSERT_EQ(inputs.shape()[1], 9);  // the time, three cycles, whether it is missing, x
  for (const std::int64_t row : {0, 7, 1000, 2399}) {
    const auto at = [&](std::int64_t input) { return inputs.at(row * 9 + input); };
    const bool missing = row == 7;
    const double hours = 3.0 * static_cast<double>(row), turn = 2 * std::numbers::pi;
    const double day = hours / 24, weekday = std::fmod(std::floor(day) + 1, 7);  // 2024-01-01 was a Monday
    const double year = (1704067200 + 3600 * hours) / 31556952;
    const std::vector<double> turns{day, weekday / 7, year};
    for (std::size_t c = 0; c < turns.size(); ++c) {
      const auto sine = static_cast<std::int64_t>(1 + 2 * c);
      EXPECT_NEAR(at(sine), missing ? 0 : std::sin(turn * turns[c]), 1e-6) << row;
      EXPECT_NEAR(at(sine + 1), missing ? 0 : std::cos(turn * turns[c]), 1e-6) << row;
    }
    EXPECT_EQ(at(7), missing ? 1 : 0);
    if (missing) {
      EXPECT_NEAR(at(0), 0, 1e-6);
    }
  }
}

TEST_P(DateModel, ShowsItInThePlan) {
  Graph graph;
  const Value rows = graph.input("rows", {DType::f64, {4, 2}, {}});
  const Plan plan(graph, {.outputs = {model.describe(graph, rows).answer}});
  EXPECT_NE(plan.to_string().find("sin"), std::string::npos) << plan.to_string();
}

TEST_P(DateModel, IsAFileOfFormatSix) {
  const std::vector<std::byte> bytes = model_bytes(model);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_NE(text.find(R"(\"format\":6)"), std::string::npos);
  EXPECT_NE(text.find(R"(\"dates\":{\"when\":{\"form\":\"mdy\",\"cycles\":[\"day\",\"week\",\"year\"]}})"),
            std::string::npos);
  const Model again = parse_model(bytes, "memory");
  EXPECT_EQ(again.encoding.columns[0].date, DateForm::mdy);
  EXPECT_EQ(again.encoding.columns[0].cycles.size(), 3u);
  const Tensor before = model.predict(data.features), after = again.predict(data.features);
  for (std::int64_t row = 0; row < before.elements(); ++row) ASSERT_EQ(before.at(row), after.at(row));
  // Another file of its kind, in which nothing tells the day from the month.
  const Dataset other = parse("x,when\n3,2/3/2024 06:00\n",
                              [&] {
                                ReadOptions options = again.read_options();
                                options.require_target = false;
                                return options;
                              }())
                            .train;
  EXPECT_EQ(date_text(other.features.at(0)), "2024-02-03 06:00:00");
}

TEST_P(DateModel, PredictsARowByNames) {
  ModelPredictor predictor(model);
  const auto predicted = [&](double when, double x) {
    return model.predict(Tensor::from<double>(Shape{1, 2}, {when, x})).at(0);
  };
  const double expected = predicted(1706940000, 3);
  EXPECT_EQ(predictor.predict({{"when", "2/3/2024 06:00"}, {"x", 3}}).value, expected);
  EXPECT_EQ(predictor.predict({{"when", "2024-02-03T06:00:00Z"}, {"x", 3}}).value, expected);
  EXPECT_EQ(predictor.predict({{"when", 1706940000}, {"x", 3}}).value, expected);
  EXPECT_EQ(predictor.predict({{"x", 3}}).value, predicted(NAN, 3));
  EXPECT_EQ(error_of([&] {
              (void)predictor.predict({{"when", "soon"}, {"x", 3}});
            }),
            "predict: column \"when\" holds dates and was given \"soon\", which is none; give one as 2024-03-01");
}

INSTANTIATE_TEST_SUITE_P(Networks, DateModel, testing::Values(DType::f32, DType::f64));

}  // namespace
}  // namespace hillock
