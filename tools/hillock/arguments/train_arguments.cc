// The options of `hillock train`.
#include "arguments/train_arguments.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "arguments/arguments.h"
#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/recipe.h"
#include "hillock/table.h"

namespace hillock::program {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock train xor\n"
    "  hillock train digits --net \"64, 32\" --seed 7 --watch\n"
    "  hillock train houses.csv --target price --epochs 200 --out price.safetensors\n"
    "  hillock train mnist/ --net \"dense 30 sigmoid\" --loss logistic --optimizer sgd --lr 0.5 --batch 10 --epochs "
    "30\n"
    "hillock help recipe says what is chosen where an option is left out.";

void describe_network(Arguments& options, TrainArguments& to) {
  options.text("--net", to.table.net, "SPEC",
               "Hidden layers: \"64, 32\" or \"dense 64 relu, dropout 0.2\"; \"\" for none");
  options.choice("--activation", to.table.activation, names(nn::activations()),
                 "The activation of all hidden layers: hillock help activations");
  options.text("--init", to.table.init, "MODEL", "Start from the parameters in this model or safetensors file");
  options.text("--init-weights", to.table.init_weights, "NAME", "How weights begin: hillock help initializers");
  options.text("--init-bias", to.table.init_bias, "NAME", "How biases begin");
}

void describe_training(Arguments& options, TrainArguments& to) {
  options.choice_with_numbers("--loss", to.table.loss, names(nn::losses()),
                              "hillock help losses: mse, \"huber 0.5\", …");
  options.number("--label-smoothing", to.table.label_smoothing, {.max = 1, .max_open = true},
                 "For cross-entropy: the share of certainty that is spread over all classes");
  options.text("--class-weights", to.table.class_weights, "balanced|CLASS=W,...",
               "How much rows count by their class: balanced, or for example \"yes=2,no=1\"");
  options.choice("--optimizer", to.table.optimizer, names(optimizers()), "hillock help optimizers");
  options.number_or("--lr", to.table.lr, {.min_open = true}, "auto", to.table.auto_lr,
                    "The learning rate; auto finds one by a range test");
  options.number("--momentum", to.table.momentum, {.max = 1, .max_open = true}, "For momentum and nesterov (0.9)");
  options.number("--weight-decay", to.table.weight_decay, {}, "Pull parameters towards 0; decoupled for adamw (0)");
  options.number("--clip-norm", to.table.clip_norm, {.min_open = true}, "Shorten gradients that are longer");
  options.choice_with_numbers("--schedule", to.table.schedule, names(schedules()), "hillock help schedules");
  options.number("--warmup", to.table.warmup, {.max = 1}, "The fraction of the run in which the rate rises from 0");
  options.text("--batch", to.batch, "N|all", "Rows in a step");
  options.integer("--epochs", to.table.epochs, 1, "Passes over the training rows, at most");
  options.integer("--patience", to.table.patience, 0,
                  "Stop after so many epochs without a lower validation loss; 0: never");
  options.number("--target-loss", to.table.target_loss, {}, "Stop when an epoch's training loss is at most this");
  options.flag("--no-shuffle", to.no_shuffle, "Take the rows in the order of the data in every epoch");
}

std::int64_t parse_batch(const std::string& text) {
  if (text == "all") return 0;
  const std::optional<std::int64_t> batch = to_integer(text);
  if (batch && *batch >= 1) return *batch;
  throw Error(fmt::format("train: --batch \"{}\" is neither a whole number of at least 1 nor all; give one", text));
}

// A fraction if the text is a number, otherwise a file.
std::optional<HeldOut> parse_held_out(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (const std::optional<double> fraction = to_number(*text)) return *fraction;
  return *text;
}

}  // namespace

void describe_data(Arguments& options, TrainArguments& to) {
  options.text("--target", to.table.target, "COL",
               "The column to predict: its name, last, or its number from 1; several of numbers: A,B");
  options.choice("--task", to.task, {"auto", "classification", "regression"}, "auto, classification or regression");
  describe_reading(options, to.reading);
  options.texts("--drop", to.table.drop, "COL", "A column that is not used; may be given again");
  options.texts("--numeric", to.table.numeric, "COL", "A column of numbers: text in it is refused; may be given again");
  options.texts("--categorical", to.table.categorical, "COL",
                "A column of categories, whatever it holds; may be given again");
  options.choice(
      "--missing", to.missing, {"impute", "refuse", "drop-rows"},
      "Missing cells: impute (the mean or a category of their own, and an input that tells), refuse, drop-rows");
  options.integer(
      "--embed-above", to.table.embed_above, 0,
      fmt::format("Learn a few numbers for each category of columns that have more than N ({})", kEmbedAbove));
  options.choice("--scale", to.scale, {"standard", "minmax", "none"}, "Features: standard, minmax or none");
  options.text("--validation", to.validation, "FRACTION|FILE", "Rows that choose the best epoch (0.15)");
  options.text("--test", to.test, "FRACTION|FILE", "Rows that choose nothing (0.15)");
  options.text("--weights", to.table.weights, "COL", "A column that says how much each row counts");
  options.text("--group", to.table.group, "COL", "Rows with the same value (a patient, a site) stay in one split");
  options.text("--time", to.table.time, "COL",
               "Split by time: the latest rows are the test, those before them validation");
  options.choice("--dtype", to.dtype, {"f32", "f64"}, "The arithmetic: f32 or f64");
}

void describe_run(Arguments& options, TrainArguments& to) {
  describe_network(options, to);
  describe_training(options, to);
}

void describe_train(CLI::App& app, TrainArguments& to) {
  Arguments options(app);
  options.positional("DATA", to.data, kDataHelp);
  options.examples(kExamples);
  describe_data(options, to);
  options.integer("--folds", to.table.folds, 2, "Cross-validate first: N networks, each tested on rows it did not see");
  describe_run(options, to);
  options.integer("--restarts", to.table.restarts, 0,
                  "Begin again up to N times while --target-loss is not reached (0)");
  options.integer("--seed", to.seed, 0, "Decides the split, the first weights and the order of rows (0)");
  options.integer("--threads", to.threads, 1, "At most so many; the results do not depend on it");
  options.text("--out", to.out, "MODEL", "The model to write (the data's name with .safetensors)");
  options.integer("--log-every", to.log_every, 1, "Print the error every N epochs");
  options.flag("--watch", to.watch, "Draw it as it goes: losses, gradients, stuck units, boundary or images");
  options.flag("--json", to.json, "Print the results as one JSON object on stdout");
  options.flag("--quiet", to.quiet, "No progress and no report");
}

TableOptions table_options(const TrainArguments& from) {
  TableOptions options = from.table;
  ReadOptions reading;
  apply_reading(from.reading, "train", reading);
  options.header = reading.header;
  options.delimiter = reading.delimiter;
  options.quote = reading.quote;
  options.backslash_escapes = reading.backslash_escapes;
  options.skip = reading.skip;
  options.skip_end = reading.skip_end;
  options.table = reading.table;
  options.query = reading.query;
  options.decimal = reading.decimal;
  options.dates = reading.dates;
  options.comment = reading.comment;
  options.encoding = reading.encoding;
  options.thousands = reading.thousands;
  options.na = reading.missing_tokens;
  options.na_add = reading.added_missing_tokens;
  options.coerce = reading.coerce;
  options.allow_unseen = reading.allow_unseen;
  if (from.task && *from.task != "auto") options.task = task_from_name(*from.task);
  if (from.dtype) options.dtype = dtype_from_name(*from.dtype);
  if (from.scale) options.scale = scale_from_name(*from.scale);
  if (from.missing) options.missing = missing_from_name(*from.missing);
  options.validation = parse_held_out(from.validation);
  options.test = parse_held_out(from.test);
  if (options.auto_lr) options.lr.reset();
  if (from.batch) options.batch = parse_batch(*from.batch);
  options.shuffle = !from.no_shuffle;
  options.seed = static_cast<std::uint64_t>(from.seed);
  options.threads = thread_count(from.threads);
  return options;
}

}  // namespace hillock::program
