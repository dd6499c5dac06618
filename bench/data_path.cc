// What stands between data and arithmetic, measured: predicting one row, gathering batches, loading files.
//
//   data_path predict              nanoseconds a row, 64-32-10, one row a call
//   data_path gather               microseconds a batch by size: in place, and waited for when a thread stays ahead
//   data_path train                microseconds a training step: rows in order, gathered in place, gathered ahead
//   data_path load FILE [COLUMN [SAMPLES]]   seconds to load (median and best of 5); COLUMN: the target, for example
//   "last"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/hillock.h"
#include "rows/feed.h"

namespace hillock {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The seconds that one call of `run` takes, as ascending samples: `samples` of at least `least` seconds each.
std::vector<double> seconds_a_call(int samples, double least, const std::function<void()>& run) {
  std::vector<double> seconds;
  run();
  for (int s = 0; s < samples; ++s) {
    const double start = now();
    int calls = 0;
    for (; calls == 0 || now() - start < least; ++calls) run();
    seconds.push_back((now() - start) / calls);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

void report(const char* what, const std::vector<double>& seconds, double scale, const char* unit) {
  std::printf("%-44s %9.3f %s (best %.3f)\n", what, seconds[seconds.size() / 2] * scale, unit, seconds[0] * scale);
}

void predict_one_row() {
  const NetworkSpec spec = NetworkSpec::parse("32, output softmax");
  Network network = make_network(spec, 64, 10, DType::f32);
  network.initialize(1);
  Model model{.network = std::move(network),
              .spec = spec,
              .target = "digit",
              .columns = std::vector<std::string>(64),
              .classes = std::vector<std::string>(10),
              .sample_shape = Shape{64},
              .features = {},
              .targets = {}};
  std::vector<float> row(64, 0.5F), out(10);
  constexpr int kRows = 1000;
  for (const Scale scale : {Scale::none, Scale::standard}) {
    if (scale != Scale::none) model.features = {scale, std::vector<double>(64, 0.25), std::vector<double>(64, 2.0)};
    ModelPredictor predictor(model);
    const auto seconds = seconds_a_call(9, 0.1, [&] {
      for (int k = 0; k < kRows; ++k) predictor.predict(row, out);
    });
    report(scale == Scale::none ? "predict 64-32-10, one row" : "predict 64-32-10, one row, scaled", seconds,
           1e9 / kRows, "ns");
  }
}

// Stands for the arithmetic of a step: `passes` over the batch.
float use(const RowsView& batch, std::int64_t columns, int passes) {
  const auto* values = batch.features.values<float>().data();
  float sum = 0;
  for (int p = 0; p < passes; ++p) {
    std::array<float, 32> sums{};
    for (std::int64_t i = 0; i + 32 <= batch.rows() * columns; i += 32) {
      for (std::size_t j = 0; j < 32; ++j) sums[j] += values[i + static_cast<std::int64_t>(j)];
    }
    sum += sums[0] + sums[31];
  }
  return sum;
}

void gather() {
  struct Case {
    std::int64_t rows, columns, batch;
    int passes;
  };
  std::printf("rows x columns / batch: microseconds a step with rows in order, gathered in place, ahead\n");
  for (const Case& c : {Case{1257, 64, 32, 12}, Case{16000, 8, 256, 12}, Case{100000, 30, 64, 12},
                        Case{60000, 784, 2, 12}, Case{60000, 784, 5, 12}, Case{60000, 784, 10, 12},
                        Case{60000, 784, 32, 20}, Case{60000, 784, 128, 20}, Case{60000, 784, 256, 100}}) {
    Tensor features(TensorType{DType::f32, {c.rows, c.columns}, {}});
    Tensor targets(TensorType{DType::i32, {c.rows}, IntegerRange{0, 10}});
    std::array<double, 3> microseconds{}, best{};
    float kept = 0;
    std::array<std::vector<double>, 3> samples;
    const std::int64_t steps = std::max<std::int64_t>(20, 4000000 / (c.batch * c.columns * c.passes / 4));
    std::array<std::optional<BatchFeed>, 3> feeds;
    const MemoryRows rows(Examples{&features, &targets});
    for (std::size_t way = 0; way < 3; ++way) {
      feeds[way].emplace(
          rows, nullptr,
          BatchFeedOptions{
              .batch = c.batch, .epochs = std::int64_t{1} << 30, .shuffle = way > 0, .seed = 1, .ahead = way == 2});
    }
    for (int s = 0; s < 31; ++s) {
      for (std::size_t way = 0; way < 3; ++way) {
        const double start = now();
        for (std::int64_t k = 0; k < steps; ++k) kept += use(feeds[way]->next(), c.columns, c.passes);
        samples[way].push_back((now() - start) / static_cast<double>(steps));
      }
    }
    for (std::size_t way = 0; way < 3; ++way) {
      std::sort(samples[way].begin(), samples[way].end());
      microseconds[way] = samples[way][15] * 1e6;
      best[way] = samples[way][0] * 1e6;
    }
    std::printf("%6ld x %3ld / %3ld (%7ld bytes): %8.2f %8.2f %8.2f  best %8.2f %8.2f %8.2f%s\n",
                static_cast<long>(c.rows), static_cast<long>(c.columns), static_cast<long>(c.batch),
                static_cast<long>(c.batch * c.columns * 4), microseconds[0], microseconds[1], microseconds[2], best[0],
                best[1], best[2], kept == -1 ? " " : "");
  }
}

// Training with rows in order, gathered in place, and gathered ahead.
void train() {
  struct Case {
    const char* name;
    std::int64_t rows, columns, hidden, batch;
  };
  std::printf("network / batch: microseconds a step with rows in order, gathered in place, ahead\n");
  for (const Case& c :
       {Case{"W2", 12800, 64, 32, 32}, Case{"W3", 20000, 784, 30, 10}, Case{"W4", 20000, 784, 128, 128}}) {
    Tensor features(TensorType{DType::f32, {c.rows, c.columns}, {}});
    Tensor targets(TensorType{DType::i32, {c.rows}, IntegerRange{0, 10}});
    for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, static_cast<double>(i * 7919 % 1009) / 1009);
    Network network = make_network(NetworkSpec::parse(std::to_string(c.hidden)), c.columns, 10, DType::f32);
    std::array<std::vector<double>, 3> samples;
    for (int s = 0; s < 9; ++s) {
      for (std::size_t way = 0; way < 3; ++way) {
        network.initialize(1);
        Trainer trainer(network, {.step = {.loss = nn::loss(nn::LossKind::cross_entropy), .optimizer = sgd()},
                                  .epochs = 1,
                                  .batch_size = c.batch,
                                  .rate = 0.01,
                                  .shuffle = way > 0,
                                  .gather_ahead = way == 2});
        const TrainResult result = trainer.fit({&features, &targets});
        samples[way].push_back(result.seconds / static_cast<double>(result.steps) * 1e6);
      }
    }
    for (auto& way : samples) std::sort(way.begin(), way.end());
    std::printf("%s %3ld-%3ld-10 / %3ld: %8.2f %8.2f %8.2f  best %8.2f %8.2f %8.2f\n", c.name,
                static_cast<long>(c.columns), static_cast<long>(c.hidden), static_cast<long>(c.batch), samples[0][4],
                samples[1][4], samples[2][4], samples[0][0], samples[1][0], samples[2][0]);
  }
}

void load(const std::string& path, const std::string& target, int samples) {
  std::vector<double> seconds;
  std::int64_t rows = 0;
  for (int s = 0; s < samples; ++s) {
    const double start = now();
    const LoadedData data = load_data(path, {.target = target});
    seconds.push_back(now() - start);
    rows = data.train.rows();
  }
  std::sort(seconds.begin(), seconds.end());
  report((path + ", " + std::to_string(rows) + " rows").c_str(), seconds, 1, "s");
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && arguments[0] == "predict") {
    predict_one_row();
  } else if (arguments.size() == 1 && arguments[0] == "gather") {
    gather();
  } else if (arguments.size() == 1 && arguments[0] == "train") {
    train();
  } else if (arguments.size() >= 2 && arguments.size() <= 4 && arguments[0] == "load") {
    load(arguments[1], arguments.size() > 2 ? arguments[2] : "", arguments.size() > 3 ? std::stoi(arguments[3]) : 5);
  } else {
    std::fprintf(stderr, "data_path: predict | gather | train | load FILE [COLUMN [SAMPLES]]\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace hillock

int main(int argc, char** argv) { return hillock::run({argv + 1, argv + argc}); }
