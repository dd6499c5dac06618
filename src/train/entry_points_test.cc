// Every function that trains or scores checks its arguments before it reads a row.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/diagnosis.h"
#include "hillock/layer.h"
#include "hillock/network.h"
#include "hillock/replicas.h"
#include "hillock/session.h"
#include "hillock/trace.h"
#include "hillock/train.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Tensor zeros(DType dtype, Shape shape) { return Tensor(TensorType{dtype, shape, {}}); }
Tensor labels(std::int64_t rows, std::int64_t classes) {
  return Tensor(TensorType{DType::i32, {rows}, IntegerRange{0, classes}});
}

// A network of 3 columns and 2 classes, and rows that fit it.
struct EntryPoints : ::testing::Test {
  EntryPoints() { network.initialize(1); }

  Network network{
      {.layer = nn::sequential({nn::dense(4, {.activation = nn::Activation::tanh}), nn::dense(2, {.name = "output"})}),
       .input = {3},
       .output = nn::Activation::softmax}};
  nn::Loss loss = nn::loss(nn::LossKind::cross_entropy);
  TrainOptions options{.step = {.loss = loss, .optimizer = sgd()}, .epochs = 2, .batch_size = 4};
  Tensor features = zeros(DType::f32, {8, 3}), targets = labels(8, 2);
  Examples good{&features, &targets};
};

// Rows that do not fit the network in various ways, with the text that the message must contain.
struct BadRows {
  Tensor features, targets, weights;
  std::string says;
  Examples examples() const {
    return {features.raw() == nullptr ? nullptr : &features, targets.raw() == nullptr ? nullptr : &targets,
            weights.raw() == nullptr ? nullptr : &weights};
  }
};

std::vector<BadRows> bad_rows() {
  std::vector<BadRows> bad;
  bad.push_back({zeros(DType::f32, {8, 2}), labels(8, 2), {}, "features are f32[8, 2]"});
  bad.push_back({zeros(DType::f64, {8, 3}), labels(8, 2), {}, "features are f64[8, 3]"});
  bad.push_back({zeros(DType::f32, {0, 3}), labels(0, 2), {}, "features are f32[0, 3]"});
  bad.push_back({zeros(DType::f32, {24}), labels(24, 2), {}, "features are f32[24]"});
  bad.push_back({zeros(DType::f32, {8, 3}), labels(7, 2), {}, "targets i32[7]"});
  bad.push_back({zeros(DType::f32, {8, 3}), Tensor(), {}, "rows are missing"});
  bad.push_back({Tensor(), labels(8, 2), {}, "rows are missing"});
  bad.push_back({zeros(DType::f32, {8, 3}), labels(8, 2), zeros(DType::f32, {7}), "weights are f32[7]"});
  bad.push_back({zeros(DType::f32, {8, 3}), labels(8, 2), zeros(DType::f64, {8}), "weights are f64[8]"});
  bad.push_back({zeros(DType::f32, {8, 3}), labels(8, 2), zeros(DType::f32, {8}), "all have the weight 0"});
  bad.push_back({zeros(DType::f32, {8, 3}), labels(8, 3), {}, "3 classes and 2 outputs"});
  bad.push_back({zeros(DType::f32, {8, 3}), zeros(DType::f32, {8, 1}), {}, "f32 with 2 columns"});
  return bad;
}

TEST_F(EntryPoints, RefuseRowsThatAreNotTheNetworks) {
  for (const BadRows& bad : bad_rows()) {
    const Examples examples = bad.examples();
    const auto refuses = [&](const char* who, const std::function<void()>& call) {
      EXPECT_NE(error_of(call).find(bad.says), std::string::npos) << who << " said: " << error_of(call);
    };
    refuses("evaluate", [&] { (void)evaluate(network, loss, examples); });
    refuses("find_rate", [&] { (void)find_rate(network, options, examples); });
    refuses("fit", [&] { (void)Trainer(network, options).fit(examples); });
    refuses("validation", [&] { (void)Trainer(network, options).fit(good, examples); });
    const auto replicas = [&](const Examples& train, std::optional<Examples> validation) {
      const ReplicaSet set{.network = &network,
                           .options = options,
                           .starts = {{.parameters = network.parameters(), .train = train, .validation = validation}}};
      (void)train_replicas(std::span(&set, 1));
    };
    refuses("train_replicas", [&] { replicas(examples, {}); });
    refuses("validation of replicas", [&] { replicas(good, examples); });
  }
  EXPECT_EQ(error_of([&] { (void)evaluate(network, loss, good); }), "");
  EXPECT_EQ(error_of([&] { (void)find_rate(network, options, good, {.steps = 3}); }), "");
}

TEST_F(EntryPoints, RefuseLabelsOutsideTheirRange) {
  targets.set(5, 2);
  const std::string says = "element 5 of input \"targets\" is 2, outside [0, 2)";
  EXPECT_NE(error_of([&] { (void)evaluate(network, loss, good); }).find(says), std::string::npos);
  options.batch_size = 0;
  EXPECT_NE(error_of([&] { (void)find_rate(network, options, good); }).find(says), std::string::npos);
  EXPECT_NE(error_of([&] { (void)Trainer(network, options).fit(good); }).find(says), std::string::npos);
}

TEST_F(EntryPoints, RefuseNumbersThatCannotBe) {
  using Change = std::function<void(TrainOptions&)>;
  const std::vector<std::pair<Change, std::string>> changes{
      {[](TrainOptions& o) { o.epochs = -1; }, "train: -1 epochs; ask for 0 or more"},
      {[](TrainOptions& o) { o.batch_size = -4; }, "train: a batch of -4 rows; ask for 1 or more, or 0 for all rows"},
      {[](TrainOptions& o) { o.patience = -1; }, "train: a patience of -1 epochs; ask for 1 or more, or 0 for none"},
      {[](TrainOptions& o) { o.rate = kNaN; }, "train: the learning rate is NaN; give a number, for example 0.001"},
      {[](TrainOptions& o) { o.rate = 1e39; }, "train: the learning rate 1e+39 is beyond f32; give a smaller one"},
      {[](TrainOptions& o) { o.target_loss = kNaN; }, "train: the target loss is NaN; give a number, or leave it out"},
      {[](TrainOptions& o) { o.target_scale.factor = 0; },
       "train: the targets are scaled by 0 with the offset 0; give finite numbers and a factor that is not 0"},
      {[](TrainOptions& o) { o.schedule.warmup = 2; }, "train: the schedule's warm-up is 2; give a number from 0 to 1"},
      {[](TrainOptions& o) { o.schedule.cycle_start = 0; },
       "train: the schedule's cycle_start is 0; give a number above 0"},
      {[](TrainOptions& o) { o.schedule.final_fraction = kNaN; },
       "train: the schedule's final_fraction is nan; give a number that is finite"},
      {[](TrainOptions& o) { o.step.clip_norm = kNaN; },
       "training step: the gradient is to be clipped at nan; give a number above 0, or 0 for none"},
      {[](TrainOptions& o) { o.step.clip_norm = -1; },
       "training step: the gradient is to be clipped at -1; give a number above 0, or 0 for none"},
  };
  for (const auto& [change, says] : changes) {
    TrainOptions changed = options;
    change(changed);
    EXPECT_EQ(error_of([&] { (void)Trainer(network, changed).fit(good); }), says);
    EXPECT_EQ(error_of([&] { (void)find_rate(network, changed, good); }), says);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  for (const RateTestOptions& test : std::vector<RateTestOptions>{
           {.lowest = 0}, {.lowest = kNaN}, {.highest = infinity}, {.lowest = 1, .highest = 1}, {.steps = 1}}) {
    EXPECT_NE(error_of([&] { (void)find_rate(network, options, good, test); }).find("rate test: from "),
              std::string::npos);
  }
  EXPECT_NE(error_of([&] { (void)evaluate(network, loss, good, {.factor = kNaN}); }).find("evaluate: the targets"),
            std::string::npos);
  EXPECT_NE(error_of([&] { (void)evaluate(network, {}, good); }).find("there is no loss"), std::string::npos);
}

TEST_F(EntryPoints, OfATrainingStep) {
  const StepOptions step{.loss = loss, .optimizer = adam()};
  const auto make = [&](std::int64_t batch, const TensorType& type) { TrainingStep(network, batch, type, step); };
  const std::string says = "training step: a batch of ";
  EXPECT_EQ(error_of([&] { make(0, labels(0, 2).type()); }).find(says), 0u);
  EXPECT_EQ(error_of([&] { make(-3, labels(3, 2).type()); }).find(says), 0u);
  EXPECT_EQ(error_of([&] { make(4, labels(3, 2).type()); }).find(says), 0u);
  TrainingStep run(network, 8, targets.type(), step);
  const TensorView rows = features, classes = targets;
  EXPECT_EQ(error_of([&] { run.run(rows, classes, 0, 0.1); }), "training step: step 0; the first is 1");
  EXPECT_EQ(error_of([&] { run.run(rows, classes, 1, kNaN); }),
            "training step: the learning rate nan is not finite; give a finite one");
  EXPECT_EQ(error_of([&] { run.run({}, classes, 1, 0.1); }), "training step: there are no features; pass f32[8, 3]");
  EXPECT_EQ(error_of([&] { run.run(rows, {}, 1, 0.1); }), "training step: there are no targets; pass i32[8] in [0, 2)");
  const std::vector<double> exact(24);
  EXPECT_EQ(error_of([&] { run.run(exact, classes, 1, 0.1); }),
            "training step: the features are f64[24]; a batch has f32[8, 3]");
  EXPECT_EQ(error_of([&] { run.run(std::span(features.values<float>()).first(21), classes, 1, 0.1); }),
            "training step: the features are f32[21]; a batch has f32[8, 3]");
  EXPECT_EQ(error_of([&] { run.run(rows, classes, 1, 0.1); }), "");
}

TEST_F(EntryPoints, OfATracer) {
  const StepOptions step{.loss = loss, .optimizer = sgd()};
  EXPECT_NE(error_of([&] { Tracer(network, 8, targets.type(), {.step = step, .most_differences = 0}); }), "");
  EXPECT_NE(error_of([&] { Tracer(network, 8, targets.type(), {.step = step, .largest = -1}); }), "");
  EXPECT_NE(error_of([&] { (void)largest_elements(features, 20, 5, 1); }), "");
  EXPECT_NE(error_of([&] { (void)largest_elements(features, 0, 5, -1); }), "");
  EXPECT_EQ(largest_elements(features, 21, 3, 5).size(), 3u);
}

TEST_F(EntryPoints, OfPredictionsThatAreJudged) {
  const Tensor two = zeros(DType::f32, {8, 2}), one = zeros(DType::f32, {8, 1}), none = zeros(DType::f32, {8, 0});
  const Tensor wide = zeros(DType::i32, {8, 2}), numbers = zeros(DType::f32, {8, 1});
  Tensor beyond = labels(8, 2), negative = labels(8, 2), weights = zeros(DType::f32, {8});
  beyond.set(3, 2);
  negative.set(3, -1);
  for (const Tensor& bad : {wide, beyond, negative}) {
    EXPECT_NE(error_of([&] { (void)classification_metrics(two, bad); }), "");
    EXPECT_NE(error_of([&] { (void)compare_predictions(two, two, bad, 1); }), "");
  }
  EXPECT_NE(error_of([&] { (void)classification_metrics(two, numbers); }), "");
  EXPECT_NE(error_of([&] { (void)classification_metrics(none, targets); }), "");
  EXPECT_NE(error_of([&] { (void)classification_metrics(targets, targets); }), "");
  EXPECT_NE(error_of([&] { (void)classification_metrics(two, targets, &weights); }), "");
  weights.set(0, 1);
  EXPECT_EQ(error_of([&] { (void)classification_metrics(two, targets, &weights); }), "");
  weights.set(1, -1);
  EXPECT_NE(error_of([&] { (void)classification_metrics(two, targets, &weights); }), "");
  EXPECT_NE(error_of([&] { (void)compare_predictions(two, two, targets, 1, {}, &weights); }), "");
  EXPECT_NE(error_of([&] { (void)regression_metrics(one, numbers, {}, &weights); }), "");
  EXPECT_NE(error_of([&] { (void)regression_metrics(one, numbers, {.factor = kNaN}); }), "");
  EXPECT_NE(error_of([&] { (void)regression_metrics(one, targets); }), "");
  EXPECT_NE(error_of([&] { (void)compare_predictions(two, one, targets, 1); }), "");
  EXPECT_NE(error_of([&] { (void)compare_predictions(one, one, two, 1); }), "");
}

// Rows of two numbers used to be compared by the first number only, taken from another row's place.
TEST(Comparison, CountsEveryOutputOfARow) {
  const Tensor targets = Tensor::from<double>({4, 2}, {1, 5, 2, 6, 3, 7, 4, 8});
  Tensor theirs = targets;
  theirs.set(7, 12);
  const auto result = compare_predictions(targets, theirs, targets, 1);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ours, 1);
  EXPECT_DOUBLE_EQ(result->theirs, regression_metrics(theirs, targets).r2);
}

// --- networks that have not been initialized ---

struct Uninitialized : EntryPoints {
  Network fresh{
      {.layer = nn::sequential({nn::dense(4, {.activation = nn::Activation::relu}), nn::dense(2, {.name = "output"})}),
       .input = {3},
       .output = nn::Activation::softmax}};
  std::string says =
      "the network was never initialized: all 26 parameters are 0; call Network::initialize, or "
      "set_parameters if it is to begin with zeros";
};

TEST_F(Uninitialized, AreNotTrained) {
  EXPECT_EQ(error_of([&] { (void)Trainer(fresh, options).fit(good); }), "train: " + says);
  EXPECT_EQ(error_of([&] { (void)find_rate(fresh, options, good); }), "rate test: " + says);
  TrainingStep step(fresh, 8, targets.type(), options.step);
  const auto run = [&] { (void)step.run(features, targets, 1, 0.1); };
  EXPECT_EQ(error_of(run), "training step: " + says);
  fresh.initialize(1);  // after the step was planned
  EXPECT_EQ(error_of(run), "");
}

TEST_F(Uninitialized, AreThoseOfWhichNothingWasSaid) {
  const auto fit = [&] { (void)Trainer(fresh, options).fit(good); };
  const Tensor zero = zeros(DType::f32, {fresh.parameter_count()});
  EXPECT_NE(error_of([&] { fresh.set_parameters(zeros(DType::f64, {fresh.parameter_count()})); }), "");
  EXPECT_NE(error_of([&] { fresh.set_parameters(zeros(DType::f32, {3})); }), "");
  EXPECT_FALSE(fresh.initialized());
  fresh.set_parameters(zero);  // zeros that the caller chose
  EXPECT_TRUE(fresh.initialized());
  EXPECT_EQ(error_of(fit), "");
  const ReplicaSet set{.network = &network, .options = options, .starts = {{.parameters = zero, .train = good}}};
  EXPECT_EQ(error_of([&] { (void)train_replicas(std::span(&set, 1)); }), "");
}

// 2^63 - 1 epochs of 2 steps are more than can be counted. The rate of a schedule used to fall at once, or to rise.
TEST_F(EntryPoints, TakeEpochsWithoutBound) {
  options.epochs = std::numeric_limits<std::int64_t>::max();
  options.schedule = schedule_from_name("cosine");
  std::vector<double> rates;
  options.on_epoch = [&](const EpochReport& report) {
    rates.push_back(report.rate);
    return rates.size() < 3;
  };
  const TrainResult result = Trainer(network, options).fit(good);
  EXPECT_EQ(result.epochs, 3);
  for (const double rate : rates) EXPECT_EQ(rate, options.rate);
}

TEST_F(EntryPoints, ALayersGainOfZeroIsNotTrained) {
  Network norm({.layer = nn::sequential({nn::layer("layer-norm"), nn::dense(1)}), .input = {3}});
  const Tensor numbers = zeros(DType::f32, {8, 1});
  options.step.loss = nn::loss(nn::LossKind::mse);
  const auto fit = [&] { (void)Trainer(norm, options).fit({&features, &numbers}); };
  EXPECT_NE(error_of(fit).find("the network was never initialized"), std::string::npos);
  norm.initialize(1);
  EXPECT_EQ(error_of(fit), "");
}

TEST_F(EntryPoints, FunctionsThatAreMissingAreNamed) {
  options.step.optimizer.step_numbers = {};
  const std::string says = "training step: optimizer \"sgd\" has no step_numbers; set the function that gives its 1";
  EXPECT_EQ(error_of([&] { TrainingStep(network, 8, targets.type(), options.step); }), says);
  const ReplicaSet set{
      .network = &network, .options = options, .starts = {{.parameters = network.parameters(), .train = good}}};
  EXPECT_EQ(error_of([&] { (void)train_replicas(std::span(&set, 1)); }), says);
  const nn::Layer asks = [](nn::Scope& scope, Value in) {
    scope.number("speed", {});
    return in;
  };
  EXPECT_EQ(error_of([&] {
              Network({.layer = nn::sequential({asks, nn::dense(1)}), .input = {3}});
            }),
            "network: the number \"speed\" has no function; give one that computes it");
}

TEST_F(EntryPoints, ValuesComeFromANetworkOfTheSameLayers) {
  const Network smaller({.layer = nn::dense(2, {.name = "output"}), .input = {3}});
  const std::string before = parameters_sha256(network);
  EXPECT_NE(error_of([&] { network.copy_values(smaller); }).find("copy from a network of the same layers"),
            std::string::npos);
  EXPECT_EQ(parameters_sha256(network), before);
}

}  // namespace
}  // namespace hillock
