// workloads: how fast Hillock trains, in steps a second, through Trainer, the path that a user's training takes.
//
//   workloads                                    every workload with each of its optimizers, as a table
//   workloads --workload W4 --optimizer adam --threads 2 --json
//
// A figure is the median of several samples; each trains a fresh network from the same weights and is timed by the
// trainer, without planning. On a shared machine only ratios within one run mean something: see bench/compare.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "workload.h"

namespace hillock::bench {
namespace {

struct Arguments {
  std::string workload;
  std::string optimizer;
  int threads = 1;
  int samples = 7;
  double seconds = 0.35;
  bool json = false;
};

struct Figure {
  double median = 0, least = 0, most = 0;  // steps a second
};

// Trains for `epochs` and returns the trainer's own account.
TrainResult train(const Workload& workload, const Examples& examples, TrainOptions options, std::int64_t epochs) {
  Network network = make_network(workload);
  options.epochs = epochs;
  TrainResult result = Trainer(network, std::move(options)).fit(examples);
  if (result.stopped != StopReason::epochs) {
    throw Error(fmt::format("workloads: {} stopped after {} steps ({}) {}", workload.name, result.steps,
                            name_of(result.stopped), result.explanation));
  }
  return result;
}

// How many epochs last `seconds`; finding out is the warm-up.
std::int64_t epochs_for(double seconds, const Workload& workload, const Examples& examples,
                        const TrainOptions& options) {
  double epochs = 1;
  for (;;) {
    const double took = train(workload, examples, options, static_cast<std::int64_t>(epochs)).seconds;
    if (took >= seconds / 2) return static_cast<std::int64_t>(std::ceil(epochs * std::max(1.0, 1.1 * seconds / took)));
    epochs *= std::ceil(std::clamp(seconds / took, 2.0, 100.0));
  }
}

Figure measure(const Workload& workload, const std::string& optimizer, const Examples& examples,
               const Arguments& arguments) {
  const TrainOptions options = make_options(workload, optimizer, arguments.threads);
  const std::int64_t epochs = epochs_for(arguments.seconds, workload, examples, options);
  std::vector<double> rates;
  for (int sample = 0; sample < arguments.samples; ++sample) {
    const TrainResult result = train(workload, examples, options, epochs);
    rates.push_back(static_cast<double>(result.steps) / result.seconds);
  }
  std::ranges::sort(rates);
  const std::size_t middle = rates.size() / 2;
  const double median = rates.size() % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
  return {median, rates.front(), rates.back()};
}

void print(const Workload& workload, const std::string& optimizer, const Figure& figure, double percent,
           const Arguments& arguments) {
  if (arguments.json) {
    const nlohmann::ordered_json line{{"workload", workload.name},    {"optimizer", optimizer},
                                      {"threads", arguments.threads}, {"steps_per_second", figure.median},
                                      {"min", figure.least},          {"max", figure.most},
                                      {"percent_of_floor", percent}};
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print("{:<9}{:<10}{:>7}{:>14.1f}{:>14.1f}{:>14.1f}{:>12.1f}{:>9.1f}\n", workload.name, optimizer,
               arguments.threads, figure.median, figure.least, figure.most, 1e6 / figure.median, percent);
  }
  std::fflush(stdout);
}

void run_workload(const Workload& workload, const std::vector<std::string>& optimizers,
                  const cpu::MachineLimits& limits, const Arguments& arguments) {
  const Data data = make_data(workload);
  for (const std::string& optimizer : optimizers) {
    const Figure figure = measure(workload, optimizer, data.examples(), arguments);
    print(workload, optimizer, figure, 100 * workload.floor_seconds(optimizer, limits) * figure.median, arguments);
  }
}

// The optimizers that were asked for; nothing if the workload is not measured with it.
std::vector<std::string> chosen_optimizers(const Workload& workload, const Arguments& arguments) {
  if (arguments.optimizer.empty())
    return arguments.workload.empty() ? workload.optimizers : std::vector{workload.optimizers.front()};
  if (std::ranges::find(workload.optimizers, arguments.optimizer) == workload.optimizers.end()) return {};
  return {arguments.optimizer};
}

void run(const Arguments& arguments) {
  std::vector<const Workload*> chosen;
  if (arguments.workload.empty()) {
    for (const Workload& workload : workloads()) chosen.push_back(&workload);
  } else {
    chosen.push_back(&find_workload(arguments.workload));
    if (chosen_optimizers(*chosen.front(), arguments).empty()) {
      throw Error(fmt::format("workloads: {} is measured with {}, not {}", chosen.front()->name,
                              fmt::join(chosen.front()->optimizers, " and "), arguments.optimizer));
    }
  }
  const cpu::MachineLimits limits = cpu::measure_machine_limits(arguments.threads);
  if (!arguments.json) {
    fmt::print("limits of this machine: {:.1f} GFLOP/s and {:.1f} GB/s with {} thread{}\n\n",
               limits.flops_per_second / 1e9, limits.bytes_per_second / 1e9, limits.threads,
               limits.threads == 1 ? "" : "s");
    fmt::print("{:<9}{:<10}{:>7}{:>14}{:>14}{:>14}{:>12}{:>9}\n", "workload", "optimizer", "threads", "steps/s", "min",
               "max", "us a step", "% floor");
  }
  for (const Workload* workload : chosen)
    run_workload(*workload, chosen_optimizers(*workload, arguments), limits, arguments);
}

}  // namespace
}  // namespace hillock::bench

int main(int argc, char** argv) {
  hillock::bench::Arguments arguments;
  CLI::App app("Measures how many training steps a second Hillock does.");
  app.add_option("--workload", arguments.workload, "W1, W2, W3, W4, W5 or W8 (all of them)");
  app.add_option("--optimizer", arguments.optimizer, "sgd or adam (the workload's own)")
      ->check(CLI::IsMember({"sgd", "adam"}));
  app.add_option("--threads", arguments.threads, "At most so many (1)")->check(CLI::Range(1, 256));
  app.add_option("--samples", arguments.samples, "Of which the median is taken (7)")->check(CLI::Range(1, 1000));
  app.add_option("--seconds", arguments.seconds, "The length of a sample (0.35)")->check(CLI::PositiveNumber);
  app.add_flag("--json", arguments.json, "One JSON object a line");
  CLI11_PARSE(app, argc, argv);
  try {
    hillock::bench::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
