// hillock compare: trains combinations of options from many seeds and compares them.
#include "hillock/compare.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "arguments/arguments.h"
#include "combinations.h"
#include "commands.h"
#include "draw/learning_curves.h"
#include "hillock/error.h"
#include "hillock/file.h"
#include "interrupt.h"
#include "print/compare_report.h"
#include "print/output.h"
#include "print/run_count.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock compare xor --vary \"activation=sigmoid,relu,identity\" --vary \"lr=0.01,0.1\" --seeds 100\n"
    "  hillock compare digits --vary \"optimizer=sgd,adam\" --svg curves.svg --csv curves.csv\n"
    "  hillock compare digits --vary \"net=32|64, 32|dense 128 tanh\" --seeds 5\n"
    "A run of a seed is the run of hillock train with that --seed: its split, first weights and order of rows.\n"
    "Values that hold commas stand between bars. Any option of training can vary; init stands for init-weights.";

struct CompareArguments {
  TrainArguments train;
  std::vector<std::string> vary;
  std::vector<std::string> given;  // the names of the options in the call
  std::int64_t seeds = 10;
  std::string svg, csv;
  std::optional<std::string> curve;  // "train" or "validation"

  // The number of outputs that go to stdout.
  int writes_to_stdout() const { return (train.json ? 1 : 0) + (svg == "-" ? 1 : 0) + (csv == "-" ? 1 : 0); }
  bool shows_validation() const { return curve == "validation"; }
  std::string loss() const { return shows_validation() ? "validation loss" : "training loss"; }
};

// The curves of the combinations for which a run has ended.
std::vector<LearningCurve> curves_of(const Compared& compared, bool validation) {
  std::vector<LearningCurve> curves;
  for (const ComparedConfiguration& result : compared.results) {
    if (result.runs.empty()) continue;
    curves.push_back(learning_curve(result, validation ? &CurvePoint::validation_loss : &CurvePoint::train_loss));
  }
  return curves;
}

std::string title_of(const Compared& compared, const std::string& loss) {
  return fmt::format("{}: {}, median and 10th to 90th percentile of {}", compared.data, loss,
                     compared.complete() ? fmt::format("{} runs", compared.seeds) : "the runs that had ended");
}

void write_text(const std::string& path, const std::string& text) {
  try {
    FileWriter file(path);
    remove_when_ended(file.partial_path());
    file.write(text);
    file.commit();
  } catch (const Error& error) {
    throw Failure(error.what());
  }
}

void report(const Compared& compared, const CompareArguments& arguments) {
  std::FILE* to = arguments.writes_to_stdout() > 0 ? stderr : stdout;
  const std::vector<LearningCurve> curves = curves_of(compared, arguments.shows_validation());
  if (!arguments.train.quiet) {
    print_to(to, "{}\n{}", compare_table(compared),
             draw_curves(curves, {.color = draws_color(to), .title = arguments.loss() + ", the median of the runs"}));
  }
  if (!arguments.svg.empty()) {
    write_text(arguments.svg, curves_svg(curves, title_of(compared, arguments.loss())));
  }
  if (!arguments.csv.empty()) write_text(arguments.csv, compare_csv(compared));
  if (arguments.train.json) print_json(to_text(compare_json(compared)));
}

// The configurations for the library. Throws Error that names the combination for options that it does not know.
std::vector<Configuration> configurations_of(const Compared& compared) {
  std::vector<Configuration> configurations;
  for (const Combination& combination : compared.combinations) {
    const std::string name = combination.name(compared.variations);
    try {
      configurations.push_back({name, table_options(combination.arguments)});
    } catch (const Error& error) {
      if (name.empty()) throw;
      throw Error(fmt::format("compare: with {}: {}", name, error.what()));
    }
  }
  return configurations;
}

void train(Compared& compared, const CompareArguments& arguments) {
  const std::vector<Configuration> configurations = configurations_of(compared);
  const bool alike = std::ranges::all_of(configurations, [&](const Configuration& configuration) {
    return read_alike(configuration.options, configurations.front().options);
  });
  if (compared.data == "-" && !alike) {
    throw Error("compare: stdin can be read only once and --vary changes how the data are read; give a file");
  }
  const bool quiet = arguments.train.quiet;
  ComparedTable table;
  try {
    RunCount count(std::ssize(compared.combinations) * arguments.seeds, quiet);
    table = compare_configurations(compared.data, configurations,
                                   {.seeds = arguments.seeds,
                                    .threads = thread_count(arguments.train.threads),
                                    .log_every = arguments.train.log_every,
                                    .needs_validation = arguments.shows_validation(),
                                    .interrupt = &interrupted(),
                                    .on_end = [&count] { count.ended(); }});
  } catch (const NoValidationRows& error) {
    const std::string& name = error.configuration();
    throw Error(
        fmt::format("compare: --curve validation needs validation rows and there are none{}; give --validation "
                    "or leave --curve out",
                    name.empty() ? "" : " with " + name));
  }
  compared.results = std::move(table.configurations);
  if (quiet) return;
  print_notes(table.notes);
}

int compare(const CompareArguments& arguments) {
  outlive_readers();
  if (arguments.writes_to_stdout() > 1)
    throw Error("compare: --json, --csv - and --svg - write to stdout; give files for all but one");
  constexpr std::int64_t kMostSeeds = 1'000'000;
  if (arguments.seeds > kMostSeeds)
    throw Error(fmt::format("compare: --seeds {} is more than {}; give fewer", arguments.seeds, kMostSeeds));
  Compared compared;
  for (const std::string& text : arguments.vary) compared.variations.push_back(parse_variation(text));
  require_not_given(compared.variations, arguments.given);
  compared.combinations = combinations(arguments.train, compared.variations);
  if (!arguments.svg.empty()) require_writable(arguments.svg);
  if (!arguments.csv.empty()) require_writable(arguments.csv);
  compared.data = arguments.train.data;
  compared.seeds = arguments.seeds;
  train(compared, arguments);
  if (compared.ended() > 0) report(compared, arguments);
  if (!interrupted()) return kDone;
  if (compared.ended() == 0) print_to(stderr, "hillock: compare: interrupted before a run had ended\n");
  return interruption_code();
}

}  // namespace

void add_compare(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<CompareArguments>();
  TrainArguments& train = arguments->train;
  Arguments options(app);
  options.positional("DATA", train.data, kDataHelp);
  options.examples(kExamples);
  options.texts("--vary", arguments->vary, "OPTION=VALUE,VALUE,…",
                "An option of training and its values; may be given again: all combinations are trained");
  options.integer("--seeds", arguments->seeds, 1, "Seeds of each combination, from --seed on (10)");
  options.text("--svg", arguments->svg, "FILE", "Draw the learning curves as SVG");
  options.choice("--curve", arguments->curve, {"train", "validation"}, "Draw the curves of this loss (train)");
  options.text("--csv", arguments->csv, "FILE", "Write the learning curves: combination, seed, epoch, losses");
  describe_data(options, train);
  describe_run(options, train);
  options.integer("--seed", train.seed, 0, "The first seed (0)");
  options.integer("--threads", train.threads, 1, "At most so many; the results do not depend on it");
  options.integer("--log-every", train.log_every, 1, "Keep every N-th epoch of the curves (a hundredth of the epochs)");
  options.flag("--json", train.json, "Print every run as one JSON object on stdout");
  options.flag("--quiet", train.quiet, "No table and no curves");
  options.when_called([arguments, &app, &run] {
    for (const CLI::Option* option : app.get_options()) {
      if (option->count() == 0) continue;
      const std::vector<std::string>& names = option->get_lnames();
      arguments->given.insert(arguments->given.end(), names.begin(), names.end());
    }
    run = [arguments](const std::string&) { return compare(*arguments); };
  });
}

}  // namespace hillock::program
