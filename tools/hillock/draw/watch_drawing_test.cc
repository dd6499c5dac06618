// The parts of the picture that `hillock train --watch` draws: what they compute, and that it is printed.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "draw/image_strip.h"
#include "draw/layer_table.h"
#include "draw/plane_map.h"
#include "draw/text_block.h"
#include "draw/watched_run.h"
#include "hillock/layer_norms.h"
#include "hillock/model.h"
#include "hillock/text.h"
#include "hillock/train.h"

namespace hillock::program {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// x = 2 → h = w x + b = 2 → y = v h + c = 6, the target is 5, E = (y − 5)²: ∂E/∂y = 2, ∂E/∂v = 2 h = 4, ∂E/∂c = 2,
// ∂E/∂w = 2 v x = 12, ∂E/∂b = 2 v = 6.
TEST(WatchDrawing, GradientNormsAreThoseOfTheStepThatWasRun) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Network network(
        {.layer = build_layers(NetworkSpec::parse("dense 1 identity"), 1), .input = Shape{1}, .dtype = dtype});
    network.set_parameter("dense1.weight", Tensor::from<double>({1, 1}, {1}));
    network.set_parameter("output.weight", Tensor::from<double>({1, 1}, {3}));
    Tensor x(TensorType{dtype, {1, 1}, {}}), target(TensorType{dtype, {1, 1}, {}});
    x.set(0, 2);
    target.set(0, 5);
    const std::vector<LayerSlice> layers = layer_slices(network.layout());
    ASSERT_EQ(layers.size(), 2u);
    EXPECT_EQ(layers[0].name, "dense1");
    EXPECT_EQ(layers[1].name, "output");
    EXPECT_EQ(layers[1].units, 1);
    std::vector<double> norms;
    TrainOptions options{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 1, .rate = 0.1};
    options.on_step = [&](const StepReport& report) {
      norms = layer_norms(layers, report.training_step->gradient(), dtype);
    };
    Trainer(network, options).fit({&x, &target});
    ASSERT_EQ(norms.size(), 2u);
    EXPECT_DOUBLE_EQ(norms[0], std::sqrt(12. * 12 + 6 * 6));
    EXPECT_DOUBLE_EQ(norms[1], std::sqrt(4. * 4 + 2 * 2));
  }
}

TEST(WatchDrawing, TheHistoryOfLossesStaysSmallAndKeepsFirstAndLast) {
  LossHistory history;
  for (std::int64_t epoch = 1; epoch <= 1'000'000; ++epoch)
    history.add({epoch, 1.0 / static_cast<double>(epoch), kNaN});
  const std::vector<LossPoint> points = history.points();
  EXPECT_LE(points.size(), LossHistory::kMostPoints + 1);
  EXPECT_GE(points.size(), LossHistory::kMostPoints / 2);
  EXPECT_EQ(points.front().epoch, 1);
  EXPECT_EQ(points.back().epoch, 1'000'000);
  const std::int64_t stride = points[1].epoch - points[0].epoch;
  for (std::size_t k = 1; k + 1 < points.size(); ++k) {
    EXPECT_EQ(points[k].epoch - points[k - 1].epoch, stride);
    EXPECT_EQ(points[k].train, 1.0 / static_cast<double>(points[k].epoch));
  }
}

// A model of two standardized columns.
Model model_of(Task task, std::int64_t outputs, const std::string& spec = "dense 3 tanh") {
  Model model{.network = make_network(NetworkSpec::parse(spec), 2, outputs, DType::f32),
              .spec = NetworkSpec::parse(spec),
              .task = task,
              .target = "kind",
              .columns = {"length", "weight"},
              .classes = {},
              .sample_shape = Shape{2},
              .features = {},
              .targets = {}};
  model.features = Scaler{.kind = Scale::standard, .offset = {10, -3}, .factor = {0.5, 4}};
  if (task == Task::regression) model.targets = Scaler{.kind = Scale::standard, .offset = {100}, .factor = {0.25}};
  if (task == Task::classification) model.classes = {"no", "yes"};
  model.network.initialize(7);
  return model;
}

// Rows of a table in the form that a job holds: prepared.
PreparedRows prepared(const Model& model, std::vector<double> values, std::vector<double> targets) {
  PreparedRows data;
  const auto rows = static_cast<std::int64_t>(targets.size());
  data.features = Tensor(TensorType{DType::f32, {rows, 2}, {}});
  for (std::size_t k = 0; k < values.size(); ++k) data.features.set(static_cast<std::int64_t>(k), values[k]);
  data.features = model.prepare(data.features);
  data.targets = Tensor(TensorType{DType::f32, {rows, 1}, {}});
  for (std::size_t k = 0; k < targets.size(); ++k) data.targets.set(static_cast<std::int64_t>(k), targets[k]);
  return data;
}

TEST(WatchDrawing, TheMapHoldsWhatTheModelPredicts) {
  for (const Task task : {Task::classification, Task::regression}) {
    const Model model = model_of(task, 1);
    const auto plane = plane_of(model, prepared(model, {8, -4, 12, -2}, {0, 1}));
    ASSERT_TRUE(plane);
    // The rows' range plus 8 % on each side. f32 rounds what is scaled and scaled back.
    EXPECT_NEAR(plane->low[0], 8 - 0.32, 1e-5);
    EXPECT_NEAR(plane->high[1], -2 + 0.16, 1e-5);
    const Tensor points = plane_points(*plane, 5, 4);
    ASSERT_EQ(points.shape(), (Shape{20, 2}));
    EXPECT_NEAR(points.at(0), 8 - 0.32 + 4.64 / 10, 1e-5) << "the middle of the first cell";
    EXPECT_NEAR(points.at(1), -2 + 0.16 - 2.32 / 8, 1e-5) << "at the top";
    const Tensor outputs = plane_outputs(model, model.network, points);
    const Tensor expected = model.predict(points);
    for (std::int64_t k = 0; k < 20; ++k)
      EXPECT_EQ(static_cast<float>(outputs.at(k)), static_cast<float>(expected.at(k)));
  }
}

// Times over 400 s, and a target that is 5 larger. f32 represents multiples of 128 there, so cells would be equal.
TEST(WatchDrawing, TheMapTellsNumbersApartThatF32DoesNot) {
  constexpr double kStart = 1.7e9;
  Model model = model_of(Task::regression, 1, "");
  model.rows_in_f64 = true;
  model.features = Scaler{.kind = Scale::standard, .offset = {kStart, 0}, .factor = {0.01, 1}};
  model.targets = Scaler{.kind = Scale::standard, .offset = {kStart + 5}, .factor = {0.01}};
  model.network.set_parameter("output.weight", Tensor::from<double>({2, 1}, {1, 0}));
  const Plane plane{.low = {kStart, 0}, .high = {kStart + 400, 1}, .rows = {}, .all_rows = 0};
  const Tensor points = plane_points(plane, 20, 1), outputs = plane_outputs(model, model.network, points);
  for (std::int64_t k = 0; k < 20; ++k) {
    EXPECT_EQ(points.at(2 * k), kStart + 10 + 20 * static_cast<double>(k));
    // f32 represents 4 within 2.4e-7, and 1 corresponds to 100 s
    EXPECT_NEAR(outputs.at(k), points.at(2 * k) + 5, 1e-4);
  }
}

TEST(WatchDrawing, AConstantColumnHasRoomHoweverLargeItsNumber) {
  for (const double constant : {0.0, 5.0, -1e17, 1e30}) {
    Model model = model_of(Task::classification, 1);
    model.features = Scaler{.kind = Scale::standard, .offset = {constant, 0}, .factor = {1, 1}};
    const auto plane = plane_of(model, prepared(model, {constant, -4, constant, -2}, {0, 1}));
    ASSERT_TRUE(plane);
    EXPECT_LT(plane->low[0], constant);
    EXPECT_GT(plane->high[0], constant);
  }
}

TEST(WatchDrawing, OnlyTwoNumbersMakeAPlane) {
  Model model = model_of(Task::classification, 1);
  const PreparedRows data = prepared(model, {8, -4, 12, -2}, {0, 1});
  model.encoding.columns.resize(2);
  EXPECT_TRUE(plane_of(model, data));
  model.encoding.columns[1].categories = {"a", "b"};
  EXPECT_FALSE(plane_of(model, data));
  model.encoding = {};
  model.columns.push_back("third");
  EXPECT_FALSE(plane_of(model, data));
}

// σ(40 (x − 10)/2): the answer is "no" left of 10 and "yes" right of it, both with certainty.
TEST(WatchDrawing, TheMapShowsTheBoundaryAndTheRows) {
  Model model = model_of(Task::classification, 1, "output sigmoid");
  model.loss = nn::LossKind::logistic;
  model.network.set_parameter("output.weight", Tensor::from<double>({2, 1}, {40, 0}));
  const auto plane = plane_of(model, prepared(model, {8, -4, 12, -2}, {0, 1}));
  // There are 22 cells of 4.64 / 22 each. The rows are in cells 1 and 20, and the boundary is before cell 11.
  const TextBlock map = draw_plane(model, model.network, *plane, {.columns = 30, .rows = 4});
  const TextBlock expected{"kind by length → and weight ↑",  //
                           "-1.84 |           ▓▓▓▓▓▓▓▓▓x▓|",
                           "      |           ▓▓▓▓▓▓▓▓▓▓▓|",
                           "      |           ▓▓▓▓▓▓▓▓▓▓▓|",
                           "-4.16 | o         ▓▓▓▓▓▓▓▓▓▓▓|",
                           "      +----------------------+",
                           "       7.68    length    12.3",
                           "       o no  x yes"};
  ASSERT_GE(map.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_EQ(map[k], expected[k]);
  for (const std::string& line : draw_plane(model, model.network, *plane, {.columns = 60, .rows = 6, .color = true}))
    EXPECT_LE(visible_width(line), 60u);
}

TEST(WatchDrawing, TheMapsEndsCanBeToldApart) {
  Model model = model_of(Task::classification, 1);
  model.features = Scaler{.kind = Scale::standard, .offset = {1.7e9, 0}, .factor = {0.01, 1}};
  const Plane plane{.low = {1.7e9, 1000}, .high = {1.7e9 + 400, 1100}, .rows = {}, .all_rows = 0};
  const TextBlock map = draw_plane(model, model.network, plane, {.columns = 47, .rows = 3});
  EXPECT_TRUE(map[1].starts_with("1100 |")) << map[1];
  EXPECT_TRUE(map[3].starts_with("1000 |")) << map[3];
  EXPECT_EQ(map[5], "      1700000000       length       1700000400");
}

TEST(WatchDrawing, NoLineOfAMapIsTooLong) {
  for (const Task task : {Task::classification, Task::regression}) {
    Model model = model_of(task, 1);
    model.columns = {"the distance from the station", "气温\x1b[31m"};
    model.target = "a name that is longer than what it stands above";
    if (task == Task::classification) model.classes = {"certainly not", "certainly it is"};
    for (const double size : {1e-30, 1.0, -123456.0, 1e30}) {
      model.features.offset = {size, size};
      model.features.factor = {1 / size, 2 / size};
      const auto plane = plane_of(model, prepared(model, {0, size, 3 * size, 4 * size}, {0, 1}));
      ASSERT_TRUE(plane);
      for (std::size_t columns = 30; columns < 70; columns += 3) {
        for (const bool color : {false, true}) {
          const TextBlock map =
              draw_plane(model, model.network, *plane, {.columns = columns, .rows = 6, .color = color});
          EXPECT_EQ(map.size(), 11u);
          for (const std::string& line : map) EXPECT_LE(visible_width(line), columns) << line;
          EXPECT_EQ(map.front().find('\x1b'), std::string::npos) << "nothing from a name reaches the terminal";
        }
      }
    }
  }
}

// Images of 6 × 5 numbers: a bar down the middle in row 0, an edge along the bottom in row 1, scaled by 0.5 around 10.
// The last line and the first column are blank in both.
PreparedRows two_images() {
  PreparedRows data;
  data.features = Tensor(TensorType{DType::f32, {2, 30}, {}});
  data.targets = Tensor(TensorType{DType::i32, {2}, IntegerRange{0, 2}});
  data.targets.set(1, 1);
  for (std::int64_t k = 0; k < 60; ++k) data.features.set(k, -5);
  for (std::int64_t row = 0; row < 5; ++row) data.features.set(5 * row + 2, 5);
  for (std::int64_t column = 1; column < 5; ++column) data.features.set(30 + 5 * 4 + column, 0);
  return data;
}

Model image_model() {
  Model model{.network = make_network({}, 30, 1, DType::f32),
              .spec = {},
              .task = Task::classification,
              .target = "kind",
              .columns = std::vector<std::string>(30, "c"),
              .classes = {"bar", "edge"},
              .sample_shape = Shape{6, 5},
              .features = {},
              .targets = {}};
  model.features =
      Scaler{.kind = Scale::standard, .offset = std::vector<double>(30, 10), .factor = std::vector<double>(30, 0.5)};
  return model;
}

// Without weights both outputs are 0: below ½, hence "bar" with a probability of 1 − 0.
TEST(WatchDrawing, ImagesShowWhatIsThereAndWhereTheNetworkIsWrong) {
  const Model model = image_model();
  const auto images = images_of(model, two_images(), {});
  ASSERT_TRUE(images);
  EXPECT_EQ(images->part, "training");
  EXPECT_EQ(images->height, 5u);
  EXPECT_EQ(images->width, 4u);
  const TextBlock expected{"training images, what the network says and how sure it is",
                           "  ██",  //
                           "  ██",
                           "  ██",
                           "  ██",
                           "  ██         ▒▒▒▒▒▒▒▒",
                           "bar: 100 %   bar: 100 %",
                           "             ✗ is edge"};
  EXPECT_EQ(image_lines(*images, false), expected.size());
  const TextBlock strip = draw_images(model, model.network, *images, {.columns = 79});
  ASSERT_EQ(strip.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_EQ(strip[k], expected[k]);
  EXPECT_TRUE(draw_images(model, model.network, *images, {.columns = 5}).empty());
}

// An image of 5 × 300 pixels is drawn with every eleventh pixel, which leaves no height.
TEST(WatchDrawing, AStripOfAnImageIsALine) {
  Model model = image_model();
  model.columns.assign(1500, "c");
  model.sample_shape = Shape{5, 300};
  model.features.kind = Scale::none;
  model.network = make_network({}, 1500, 1, DType::f32);
  PreparedRows data = two_images();
  data.features = Tensor(TensorType{DType::f32, {2, 1500}, {}});
  for (std::int64_t k = 0; k < 3000; ++k) data.features.set(k, 1);
  data.features.set(0, 0);
  const auto images = images_of(model, data, {});
  ASSERT_TRUE(images);
  const TextBlock strip = draw_images(model, model.network, *images, {.columns = 79});
  ASSERT_EQ(strip.size(), image_lines(*images, false));
  EXPECT_EQ(strip.size(), 4u);
  EXPECT_TRUE(strip[1].ends_with("██████████")) << strip[1];
}

TEST(WatchDrawing, OnlyWhatIsKnownToBeAnImageIsShownAsOne) {
  Model model = image_model();
  const PreparedRows data = two_images();
  model.sample_shape = Shape{30};
  EXPECT_FALSE(images_of(model, data, {}));
  model.columns.assign(25, "c");
  model.features = {};
  PreparedRows square = data;
  square.features = Tensor(TensorType{DType::f32, {2, 25}, {}});
  model.sample_shape = Shape{25};
  EXPECT_FALSE(images_of(model, square, {})) << "25 columns of anything";
  for (std::size_t k = 0; k < 25; ++k) model.columns[k] = "pixel" + std::to_string(k);
  const auto images = images_of(model, square, {});
  ASSERT_TRUE(images);
  EXPECT_EQ(images->height, 5u);
}

TEST(WatchDrawing, ABarIsMeasuredInEighths) {
  EXPECT_EQ(bar(0, 4), "");
  EXPECT_EQ(bar(1, 4), "████");
  EXPECT_EQ(bar(0.5, 3), "█▌");
  EXPECT_EQ(bar(0.125, 1), "▏");
}

TEST(WatchDrawing, TheTableFitsAndShowsHalfABarForAHundredth) {
  const std::vector<LayerLine> layers{
      {.name = "dense1", .units = 8, .gradient = 0.01, .parameters = 3, .stuck = "none"},
      {.name = "dense2", .units = 8, .gradient = kNaN, .parameters = 3, .stuck = "2 of 8 dead"},
      {.name = "output", .units = 1, .gradient = 1, .parameters = 2, .stuck = ""}};
  const TextBlock table = layer_table(layers, 20, {.columns = 90});
  ASSERT_EQ(table.size(), 4u);
  EXPECT_EQ(table[1], "dense1     8        3      0.01 ██████████            none");
  EXPECT_EQ(table[2], "dense2     8        3         -                       2 of 8 dead");
  EXPECT_EQ(table[3], "output     1        2         1 ████████████████████");
  for (std::size_t columns = kLeastTable; columns < 120; ++columns) {
    for (const std::string& line : layer_table(layers, 1000, {.columns = columns, .color = true}))
      EXPECT_LE(visible_width(line), columns) << line;
  }
  const TextBlock few = layer_table(layers, 20, {.columns = 90, .lines = 3});
  EXPECT_EQ(few.size(), 3u);
  EXPECT_EQ(few[1], "… 2 more layers");
  EXPECT_EQ(few[2], table[3]);
  const TextBlock ends = layer_table({layers[0], layers[1], layers[1], layers[2]}, 20, {.columns = 90, .lines = 4});
  EXPECT_EQ(ends, (TextBlock{table[0], table[1], "… 2 more layers", table[3]}));
}

TEST(WatchDrawing, ColorsTakeNoRoom) {
  EXPECT_EQ(visible_width(painted("网络", "1;31") + "!"), 5u);
  EXPECT_EQ(beside({painted("ab", "31"), "c"}, {"x", "y", "z"}, 4),
            (TextBlock{painted("ab", "31") + "  x", "c   y", "    z"}));
}

}  // namespace
}  // namespace hillock::program
