// Trains a network on handwritten digits, measures it on rows it never saw, and draws some of them beside its answers.
//
//   digits            trains, then draws
//   digits MODEL      draws with a model that `hillock train digits` wrote; the rows are those it kept for its test
//
// Returns 0 if the test accuracy is at least 0.97.
#include <hillock/hillock.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace hillock;

Model train(const Dataset& data, const Split& split) {
  const Dataset training = take_rows(data, split.train);
  const Dataset validation = take_rows(data, split.validation);
  // The network with the lowest validation loss among several, over twelve seeds.
  const NetworkSpec spec =
      NetworkSpec::parse("dropout 0.1, dense 256 relu, dropout 0.3, dense 128 relu, output softmax");
  Network network =
      make_network(spec, data.feature_count(), static_cast<std::int64_t>(data.classes.size()), DType::f32);
  network.initialize(/*seed=*/0);
  Trainer trainer(network, {.step = {.loss = nn::loss(nn::LossKind::cross_entropy), .optimizer = adam()},
                            .epochs = 100,
                            .batch_size = 32,
                            .rate = 0.002,
                            .schedule = {.kind = Schedule::Kind::cosine}});
  const TrainResult result =
      trainer.fit({&training.features, &training.targets}, Examples{&validation.features, &validation.targets});
  std::printf("trained %lld epochs in %.1f s; the weights are those of epoch %lld, the best by validation\n",
              static_cast<long long>(result.epochs), result.seconds, static_cast<long long>(result.best_epoch));
  return {.network = std::move(network),
          .spec = spec,
          .task = data.task,
          .target = data.target,
          .columns = data.columns,
          .classes = data.classes,
          .sample_shape = data.sample_shape,
          .features = {},  // pixels are not scaled
          .targets = {}};
}

// The network's answer for one row.
struct Answer {
  std::int64_t row = 0;
  std::int64_t truth = 0;
  std::int64_t digit = 0;
  double certainty = 0;
};

std::vector<Answer> ask(const Model& model, const Dataset& data) {
  const Tensor probabilities = model.predict(data.features);  // [rows, 10]
  const std::int64_t classes = probabilities.shape()[1];
  std::vector<Answer> answers;
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    Answer answer{.row = row, .truth = static_cast<std::int64_t>(data.targets.at(row))};
    for (std::int64_t digit = 0; digit < classes; ++digit) {
      const double p = probabilities.at(row * classes + digit);
      if (p > answer.certainty) answer = {row, answer.truth, digit, p};
    }
    answers.push_back(answer);
  }
  return answers;
}

// Draws digits side by side, with pixels two characters wide, each above the network's answer.
void draw(const Dataset& data, const std::vector<Answer>& answers) {
  static constexpr std::array<const char*, 5> kShades = {"  ", "░░", "▒▒", "▓▓", "██"};
  constexpr const char* kGap = "   ";
  const std::int64_t height = data.sample_shape[0], width = data.sample_shape[1];
  for (std::int64_t y = 0; y < height; ++y) {
    std::string line;
    for (const Answer& answer : answers) {
      for (std::int64_t x = 0; x < width; ++x) {
        const double ink = data.features.at((answer.row * height + y) * width + x);  // 0 to 1
        line += kShades[static_cast<std::size_t>(std::clamp(ink * 4 + 0.5, 0.0, 4.0))];
      }
      line += kGap;
    }
    std::printf("%s\n", line.c_str());
  }
  for (const Answer& answer : answers) {
    const std::string& digit = data.classes[static_cast<std::size_t>(answer.digit)];
    const std::string& truth = data.classes[static_cast<std::size_t>(answer.truth)];
    const std::string verdict = answer.digit == answer.truth ? "" : ", is a " + truth;
    char text[64];
    std::snprintf(text, sizeof(text), "%s (%.0f%%)%s", digit.c_str(), 100 * answer.certainty, verdict.c_str());
    std::printf("%-*s%s", static_cast<int>(2 * width), text, kGap);
  }
  std::printf("\n\n");
}

int run(int argc, char** argv) {
  const Dataset data = load_builtin("digits");
  const Split split = split_rows(data, /*validation_fraction=*/0.15, /*test_fraction=*/0.15, /*seed=*/0);
  const Dataset test = take_rows(data, split.test);
  const Model model = argc > 1 ? load_model(argv[1]) : train(data, split);

  constexpr std::size_t kPerLine = 4;
  const std::vector<Answer> answers = ask(model, test);
  std::vector<Answer> wrong;
  for (const Answer& answer : answers) {
    if (answer.digit != answer.truth) wrong.push_back(answer);
  }
  std::printf("Some of the test's digits, each above what the network reads and how sure it is:\n\n");
  draw(test, {answers.begin(), answers.begin() + kPerLine});
  draw(test, {answers.begin() + kPerLine, answers.begin() + 2 * kPerLine});
  if (!wrong.empty()) {
    std::printf("Read wrongly (%zu of %zu):\n\n", wrong.size(), answers.size());
    draw(test, {wrong.begin(), wrong.begin() + static_cast<std::ptrdiff_t>(std::min(kPerLine, wrong.size()))});
  }
  const double accuracy = evaluate(model, test).accuracy;
  std::printf("test accuracy %.4f on %lld rows that chose nothing\n", accuracy, static_cast<long long>(test.rows()));
  return accuracy >= 0.97 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "digits: %s\n", error.what());
    return 1;
  }
}
