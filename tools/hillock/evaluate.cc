// hillock evaluate: scores a model on data with known answers.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "arguments/arguments.h"
#include "arguments/reading_arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "hillock/data.h"
#include "hillock/model.h"
#include "print/output.h"
#include "print/score_table.h"
#include "print/sign_of_life.h"

namespace hillock::program {
namespace {

struct EvaluateArguments {
  std::string model, data;
  ReadingArguments reading;
  std::int64_t threads = 0;
  bool json = false;
};

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock evaluate digits.safetensors digits\n"
    "  hillock evaluate price.safetensors newer.csv --json";

int evaluate_model(const EvaluateArguments& arguments) {
  const Model model = load_model(arguments.model);
  ReadOptions options = model.read_options();
  apply_reading(arguments.reading, "evaluate", options);
  SignOfLife life(/*quiet=*/false);
  life.doing(reading(arguments.data));
  LoadedData loaded = load_data(arguments.data, options);
  // If data come with test files of their own, these are scored, as in training.
  const Dataset& data = loaded.test ? *loaded.test : loaded.train;
  life.rest();
  print_notes(loaded.notes);
  life.doing("evaluating");
  const Metrics metrics = evaluate(model, data, {.threads = thread_count(arguments.threads)});
  life.rest();
  if (arguments.json) {
    Json json{{"format", 1},
              {"command", "evaluate"},
              {"model", arguments.model},
              {"task", name_of(model.task)},
              {"rows", data.rows()}};
    json.update(to_json(metrics, model));
    print_json(to_text(json));
    return kDone;
  }
  const bool two_classes = model.classes.size() == 2;
  print_to(stdout, "{}{}{}", table_head(model.task, two_classes),
           table_line(data.name, metrics, model.task, two_classes), details(metrics, model, ""));
  return kDone;
}

}  // namespace

void add_evaluate(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<EvaluateArguments>();
  Arguments options(app);
  options.positional("MODEL", arguments->model, "A model that hillock train wrote");
  options.positional("DATA", arguments->data, "Data with the model's columns and target");
  options.examples(kExamples);
  describe_reading(options, arguments->reading);
  options.integer("--threads", arguments->threads, 1, "At most so many; the results do not depend on it");
  options.flag("--json", arguments->json, "Print the results as one JSON object");
  options.when_called(
      [arguments, &run] { run = [arguments](const std::string&) { return evaluate_model(*arguments); }; });
}

}  // namespace hillock::program
