// workloads: how fast Hillock trains, in steps a second, through Trainer, the path that a user's training takes.
//
//   workloads                                    every workload with each of its optimizers, as a table
//   workloads --workload W4 --optimizer adam --threads 2 --json
//   workloads --describe                         what the workloads are, as JSON; bench/compare reads it
//
// A figure is the median of several samples; each trains a fresh network from the same weights and is timed by the
// trainer, without planning. On a shared machine only ratios within one run mean something: see bench/compare.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/sampling.h"
#include "bench/workload.h"

namespace hillock::bench {
namespace {

struct Arguments {
  std::string workload;
  std::string optimizer;
  int threads = 1;
  int samples = 7;
  double seconds = 0.35;
  Clock clock = Clock::wall;
  bool json = false;
  bool describe = false;
  bool serve = false;
};

// Takes samples of one workload with one optimizer. `examples` must outlive it.
class Sampler {
 public:
  Sampler(const Workload& workload, const std::string& optimizer, const Examples& examples, const Arguments& arguments)
      : workload_(workload),
        examples_(examples),
        clock_(arguments.clock),
        options_(make_options(workload, optimizer, arguments.threads)) {
    // Planning is subtracted from the process's time; the trainer's own time does not include it.
    if (clock_ == Clock::cpu) planning_seconds_ = train(0).seconds;
    find_epochs(arguments.seconds);
  }

  double steps_per_second() {
    const Run run = train(epochs_);
    return static_cast<double>(run.steps) / run.seconds;
  }

 private:
  struct Run {
    std::int64_t steps = 0;
    double seconds = 0;
  };

  Run train(std::int64_t epochs) {
    Network network = make_network(workload_);
    options_.epochs = epochs;
    const double start = seconds_on(clock_);
    const TrainResult result = Trainer(network, options_).fit(examples_);
    const double seconds = seconds_on(clock_) - start - planning_seconds_;
    if (result.stopped != StopReason::epochs) {
      throw Error(fmt::format("workloads: {} stopped after {} steps ({}) {}", workload_.name, result.steps,
                              name_of(result.stopped), result.explanation));
    }
    return {result.steps, clock_ == Clock::wall ? result.seconds : seconds};
  }

  // Finds how many epochs take `seconds`, which also serves as the warm-up.
  void find_epochs(double seconds) {
    double took = train(epochs_).seconds;
    while (took < seconds / 2) {
      epochs_ *= static_cast<std::int64_t>(std::clamp(seconds / std::max(took, 1e-9), 2.0, 100.0));
      took = train(epochs_).seconds;
    }
    if (took < seconds)
      epochs_ = static_cast<std::int64_t>(std::ceil(1.1 * seconds / took * static_cast<double>(epochs_)));
  }

  const Workload& workload_;
  const Examples examples_;
  const Clock clock_;
  TrainOptions options_;
  double planning_seconds_ = 0;
  std::int64_t epochs_ = 1;
};

struct Figure {
  double median = 0, least = 0, most = 0;  // steps per second
};

Figure measure(Sampler sampler, int samples) {
  std::vector<double> rates;
  for (int sample = 0; sample < samples; ++sample) rates.push_back(sampler.steps_per_second());
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

void run_workload(const Workload& workload, const std::vector<std::string>& optimizers, const MachineLimits& limits,
                  const Arguments& arguments) {
  const Data data = make_data(workload);
  for (const std::string& optimizer : optimizers) {
    Sampler sampler(workload, optimizer, data.examples(), arguments);
    const double floor = workload.floor_seconds(optimizer, limits);
    if (arguments.serve) {
      serve({{"trainer", [&] { return sampler.steps_per_second(); }}},
            fmt::format(", \"floor_seconds\": {:.6g}", floor));
    } else {
      const Figure figure = measure(std::move(sampler), arguments.samples);
      print(workload, optimizer, figure, 100 * floor * figure.median, arguments);
    }
  }
}

void describe() {
  for (const Workload& workload : workloads()) {
    const nlohmann::ordered_json line{{"workload", workload.name},
                                      {"widths", workload.widths},
                                      {"hidden", nn::name_of(workload.hidden)},
                                      {"loss", nn::name_of(workload.loss)},
                                      {"batch", workload.batch},
                                      {"rows", workload.rows},
                                      {"sgd_rate", workload.sgd_rate},
                                      {"optimizers", workload.optimizers},
                                      {"flops", workload.flops()},
                                      {"parameters", workload.parameters()}};
    fmt::print("{}\n", line.dump());
  }
}

// The optimizers that were asked for; empty if the workload is not measured with them.
std::vector<std::string> chosen_optimizers(const Workload& workload, const Arguments& arguments) {
  if (arguments.optimizer.empty())
    return arguments.workload.empty() ? workload.optimizers : std::vector{workload.optimizers.front()};
  if (std::ranges::find(workload.optimizers, arguments.optimizer) == workload.optimizers.end()) return {};
  return {arguments.optimizer};
}

void run(const Arguments& arguments) {
  if (arguments.describe) return describe();
  if (arguments.clock == Clock::cpu && arguments.threads > 1)
    throw Error("workloads: the time of the processor adds up over threads; use --clock wall");
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
  const MachineLimits limits = measure_machine_limits(arguments.threads);
  if (!arguments.json && !arguments.serve) {
    fmt::print("limits of this machine: {:.1f} GFLOP/s and {:.1f} GB/s with {} thread{}\n\n",
               limits.f32_flops_per_second / 1e9, limits.memory_bytes_per_second / 1e9, limits.threads,
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
  app.add_option("--clock", arguments.clock,
                 "wall, or cpu: the time of this process alone, for one thread on a busy machine (wall)")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, hillock::bench::Clock>{{"wall", hillock::bench::Clock::wall},
                                                                               {"cpu", hillock::bench::Clock::cpu}},
                                  CLI::ignore_case));
  app.add_flag("--describe", arguments.describe, "Print what the workloads are, one JSON object a line");
  app.add_flag("--serve", arguments.serve, "Take a sample for each line of the input, as bench/compare asks");
  CLI11_PARSE(app, argc, argv);
  try {
    hillock::bench::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
