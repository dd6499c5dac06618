// replicas: how many starts are trained in a second, alone one after another and side by side (hillock/replicas.h).
//
//   replicas                                     W1 and W2, one thread and two
//   replicas --workload W2 --optimizer adam --threads 2 --lanes 16
//
// A start is --steps steps (in whole epochs) from its own first weights and, with --shuffle, in its own order of rows;
// planning is part of the time. Samples of both kinds alternate, and figures are medians.
#include "hillock/replicas.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "bench/sampling.h"
#include "bench/workload.h"

namespace hillock::bench {
namespace {

struct Arguments {
  std::vector<std::string> workloads{"W1", "W2"};
  std::vector<std::string> optimizers;
  std::vector<int> threads{1, 2};
  std::int64_t starts = 256;
  std::int64_t steps = 1000;
  std::int64_t lanes = 0;
  int rounds = 7;
  Clock clock = Clock::wall;
  bool shuffle = false;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::vector<ReplicaSet> make_starts(const Network& network, const Workload& workload, const std::string& optimizer,
                                    const Data& data, const Arguments& arguments) {
  ReplicaSet set{.network = &network, .options = make_options(workload, optimizer, 1), .starts = {}};
  set.options.epochs = std::max<std::int64_t>(1, arguments.steps * workload.batch / data.features.shape()[0]);
  set.options.shuffle = arguments.shuffle;
  Network start = make_network(workload);
  for (std::int64_t k = 0; k < arguments.starts; ++k) {
    const auto seed = static_cast<std::uint64_t>(k);
    start.initialize(seed);
    set.starts.push_back({.parameters = start.parameters(), .seed = seed, .train = data.examples()});
  }
  return {std::move(set)};
}

double seconds_of(const std::vector<ReplicaSet>& sets, const ReplicaOptions& options, Clock clock) {
  const double start = seconds_on(clock);
  const auto results = train_replicas(sets, options);
  for (const ReplicaResult& result : results[0]) {
    if (result.result.stopped != StopReason::epochs) throw Error("replicas: a start did not come to its end");
  }
  return seconds_on(clock) - start;
}

void measure(const Workload& workload, const std::string& optimizer, int threads, const Arguments& arguments) {
  const Data data = make_data(workload);
  const Network network = make_network(workload);
  const std::vector<ReplicaSet> sets = make_starts(network, workload, optimizer, data, arguments);
  const ReplicaOptions alone{.threads = threads, .lanes = 1}, together{.threads = threads, .lanes = arguments.lanes};
  seconds_of(sets, together, arguments.clock);
  std::vector<double> by_one, by_many, ratios;
  for (int round = 0; round < arguments.rounds; ++round) {
    by_one.push_back(seconds_of(sets, alone, arguments.clock));
    by_many.push_back(seconds_of(sets, together, arguments.clock));
    ratios.push_back(by_one.back() / by_many.back());
  }
  const auto starts = static_cast<double>(arguments.starts);
  const std::int64_t steps = sets[0].options.epochs * (data.features.shape()[0] / workload.batch);
  fmt::print("{:<4} {:<5} {:>8} {:>6} {:>12.1f} {:>14.1f} {:>8.2f} {:>16.4g}\n", workload.name, optimizer, threads,
             steps, starts / median(by_one), starts / median(by_many), median(ratios),
             starts * static_cast<double>(steps) / median(by_many));
  std::fflush(stdout);
}

int run(const Arguments& arguments) {
  fmt::print("{:<4} {:<5} {:>8} {:>6} {:>12} {:>14} {:>8} {:>16}\n", "", "", "threads", "steps", "alone, 1/s",
             "together, 1/s", "ratio", "together, steps/s");
  for (const std::string& name : arguments.workloads) {
    const Workload& workload = find_workload(name);
    for (const std::string& optimizer : arguments.optimizers.empty() ? workload.optimizers : arguments.optimizers) {
      for (const int threads : arguments.threads) measure(workload, optimizer, threads, arguments);
    }
  }
  return 0;
}

}  // namespace
}  // namespace hillock::bench

int main(int argc, char** argv) {
  using namespace hillock::bench;
  Arguments arguments;
  CLI::App app("Starts trained per second, alone and side by side.");
  app.add_option("--workload", arguments.workloads, "W1, W2, …; may be given again");
  app.add_option("--optimizer", arguments.optimizers, "sgd or adam; may be given again");
  app.add_option("--threads", arguments.threads, "May be given again");
  app.add_option("--starts", arguments.starts, "How many (256)");
  app.add_option("--steps", arguments.steps, "Of each start (1000)");
  app.add_option("--lanes", arguments.lanes, "In a block; 0: what suits");
  app.add_option("--rounds", arguments.rounds, "Samples of each (7)");
  app.add_option("--clock", arguments.clock, "wall, or cpu for one thread on a busy machine")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Clock>{{"wall", Clock::wall}, {"cpu", Clock::cpu}}));
  app.add_flag("--shuffle", arguments.shuffle, "An order of its own for each start");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
