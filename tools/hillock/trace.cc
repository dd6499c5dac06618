// hillock trace: prints a training step equation by equation, with a finite difference next to every gradient. Writes
// no files.
#include "hillock/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "arguments/arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "hillock/error.h"
#include "hillock/recipe.h"
#include "hillock/row_weights.h"
#include "hillock/table.h"
#include "hillock/text.h"
#include "print/output.h"
#include "print/sign_of_life.h"
#include "print/trace_subject.h"

namespace hillock::program {
namespace {

constexpr const char* kTracedOptimizer = "sgd";  // unless another is given

struct TraceArguments {
  TrainArguments train;  // those options of train that matter here
  std::string first, second;
  std::optional<std::int64_t> row;
  std::optional<std::string> rows, layer;
  std::int64_t steps = 1, largest = 12;
  bool time = false, summary = false;

  bool has_model() const { return !train.table.net; }
};

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock trace --net \"dense 2 tanh\" xor --row 2\n"
    "  hillock trace digits.safetensors digits --row 7 --layer output\n"
    "  hillock trace --net 8 houses.csv --target price --rows 1-32 --optimizer adam --steps 3\n"
    "The last line is an audit: how far gradients and finite differences are apart at most.";

// Parses "5-36": from the first row to the last, counted from 1.
std::vector<std::int64_t> parse_rows(const TraceArguments& arguments, std::int64_t count) {
  std::int64_t first = arguments.row.value_or(1), last = first;
  if (arguments.rows) {
    const std::string& text = *arguments.rows;
    const std::size_t dash = text.find('-');
    const auto from = to_integer(text.substr(0, dash));
    const auto to = dash == std::string::npos ? from : to_integer(text.substr(dash + 1));
    if (!from || !to || *from < 1 || *to < *from) {
      throw Error(
          fmt::format("trace: --rows \"{}\" is not a range of rows; give the first and the last, as in 1-32", text));
    }
    first = *from;
    last = *to;
  }
  if (last > count) {
    throw Error(fmt::format("trace: row {} is not there; the data have {} rows, counted from 1", last, count));
  }
  std::vector<std::int64_t> rows(static_cast<std::size_t>(last - first + 1));
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

void check(const TraceArguments& arguments) {
  if (arguments.row && arguments.rows) throw Error("trace: --row is one row and --rows several; leave one out");
  if (arguments.summary && (arguments.layer || arguments.train.json)) {
    throw Error("trace: --summary prints no layer and --json everything; leave out --layer and --json, or --summary");
  }
  const TrainArguments& train = arguments.train;
  if (train.table.momentum && !optimizer_info(train.table.optimizer.value_or(kTracedOptimizer)).takes_momentum) {
    throw Error("trace: --momentum is for the optimizers momentum and nesterov; give --optimizer momentum");
  }
  if (arguments.has_model()) {
    if (arguments.second.empty()) throw Error("trace: give a model and data, or --net SPEC and data");
    if (!train.table.target.empty() || train.task || train.scale || train.missing || train.table.loss ||
        train.table.label_smoothing || train.table.init_weights || train.table.init_bias || !train.table.drop.empty() ||
        !train.table.numeric.empty() || !train.table.categorical.empty()) {
      throw Error(
          "trace: a model has its own columns, scaling, loss and weights; leave out --target, --task, --scale, "
          "--missing, --drop, --numeric, --categorical, --loss, --label-smoothing, --init-weights and --init-bias");
    }
  } else {
    if (arguments.first.empty()) throw Error("trace: the data are missing; give a table or the name of a built-in set");
    if (!arguments.second.empty()) throw Error("trace: --net takes the place of a model; give the data alone");
  }
}

Dataset load(const std::string& what, const ReadOptions& options, SignOfLife& life) {
  life.doing(reading(what));
  LoadedData loaded = load_data(what, options);
  life.rest();
  print_notes(loaded.notes);
  return std::move(loaded.train);
}

// The model, and all rows of the data.
std::pair<Model, Dataset> load_both(const TraceArguments& arguments, SignOfLife& life) {
  const DType dtype = dtype_from_name(*arguments.train.dtype);
  if (!arguments.has_model()) {
    Dataset data = load(arguments.first, read_options(table_options(arguments.train)), life);
    Model model = untrained_model(table_options(arguments.train), data);
    return {std::move(model), std::move(data)};
  }
  Model model = convert(load_model(arguments.first), dtype);
  ReadOptions options = model.read_options();
  apply_reading(arguments.train.reading, "trace", options);
  options.weights = arguments.train.table.weights;
  Dataset data = load(arguments.second, options, life);
  return {std::move(model), std::move(data)};
}

// Weights the rows as in training, by their own column and their class, scaled to a mean of 1 over all rows. No weights
// if all rows get the same one.
void weigh(const TraceArguments& arguments, const Model& model, Dataset& data) {
  if (arguments.train.table.class_weights) {
    data.weights = row_weights(data, parse_class_weights(*arguments.train.table.class_weights, data));
  }
  const Examples all{&data.features, &data.targets, data.has_weights() ? &data.weights : nullptr};
  require_weights(all, model.network.options().dtype, "trace: the");
  data.weights = normalized_weights(all).value_or(Tensor());
}

double choose_rate(const TraceArguments& arguments, const Dataset& data, const std::string& optimizer) {
  return arguments.train.table.lr.value_or(default_rate(optimizer, recipe_for(size_of(data))));
}

// The layers in the order of a trace. The tables of an embedding, which comes first, have names of their own.
std::vector<std::string> layer_names(const Model& model) {
  std::vector<std::string> shown = traced_layer_names(model.network), result;
  const std::size_t tables = model.encoding.embeddings().size();
  for (std::size_t k = 1; k <= tables; ++k) result.push_back(fmt::format("embedding{}", k));
  result.insert(result.end(), shown.begin() + (tables > 0 ? 1 : 0), shown.end());
  return result;
}

// A layer's name, or its number from 1.
std::optional<std::string> choose_layer(const TraceArguments& arguments, const Model& model) {
  if (!arguments.layer) return std::nullopt;
  const std::vector<std::string> known = layer_names(model);
  const std::optional<std::int64_t> index = to_integer(*arguments.layer);
  if (index && *index >= 1 && *index <= static_cast<std::int64_t>(known.size())) {
    return known[static_cast<std::size_t>(*index - 1)];
  }
  if (std::ranges::find(known, *arguments.layer) != known.end()) return arguments.layer;
  throw Error(
      fmt::format("trace: there is no layer {}; the layers are {}", quote(*arguments.layer), list_names(known)));
}

TraceSubject prepare(const TraceArguments& arguments, SignOfLife& life) {
  auto [model, data] = load_both(arguments, life);
  const std::string optimizer = arguments.train.table.optimizer.value_or(kTracedOptimizer);
  weigh(arguments, model, data);
  const double rate = choose_rate(arguments, data, optimizer);
  std::vector<std::int64_t> rows = parse_rows(arguments, data.rows()), positions = rows;
  for (std::int64_t& position : positions) --position;
  TraceSubject subject{.model = std::move(model),
                       .batch = take_rows(data, positions),
                       .rows = std::move(rows),
                       .features = {},
                       .targets = {},
                       .preparation = {},
                       .data_rows = data.rows(),
                       .inputs = {},
                       .outputs = {},
                       .data = data.name,
                       .first_weights = arguments.has_model()
                                            ? "weights of " + arguments.first
                                            : fmt::format("first weights by seed {}", arguments.train.seed),
                       .optimizer = optimizer,
                       .optimizer_options = {},
                       .rate = rate,
                       .clip_norm = arguments.train.table.clip_norm,
                       .steps = arguments.steps,
                       .seed = arguments.train.seed,
                       .largest = arguments.summary ? 0 : arguments.largest,  // none is printed
                       .layer = {},
                       .summary = arguments.summary};
  PreparedRows prepared = subject.model.prepare(subject.batch);
  subject.features = std::move(prepared.features);
  subject.targets = std::move(prepared.targets);
  subject.preparation = trace_preparation(subject.model, renumber_categories(subject.batch, subject.model.encoding));
  subject.inputs = input_names(subject.model);
  subject.outputs = output_names(subject.model);
  subject.layer = choose_layer(arguments, subject.model);
  subject.optimizer_options.momentum = arguments.train.table.momentum.value_or(subject.optimizer_options.momentum);
  subject.optimizer_options.weight_decay = arguments.train.table.weight_decay;
  return subject;
}

int trace(const TraceArguments& arguments) {
  check(arguments);
  SignOfLife life(/*quiet=*/false);
  TraceSubject subject = prepare(arguments, life);
  const Model& model = subject.model;
  const StepOptions options{.loss = model.loss_function(),
                            .optimizer = optimizer_from_name(subject.optimizer, subject.optimizer_options),
                            .clip_norm = subject.clip_norm,
                            .weighted = subject.weighted()};
  Tracer tracer(subject.model.network, static_cast<std::int64_t>(subject.rows.size()), subject.targets.type(),
                {.step = options, .largest = subject.largest});
  const bool json = arguments.train.json;
  std::vector<StepTrace> traces;
  if (!json) print_to(stdout, "{}", trace_head(subject) + (subject.summary ? "" : preparation_text(subject)));
  for (std::int64_t step = 1; step <= subject.steps; ++step) {
    life.doing(fmt::format("tracing step {} of {}", step, subject.steps));
    traces.push_back(tracer.run(subject.features, subject.targets, step, subject.rate,
                                static_cast<std::uint64_t>(subject.seed),
                                /*first_row=*/0, subject.weighted() ? &subject.batch.weights : nullptr));
    life.rest();
    if (!json && !subject.summary) print_to(stdout, "{}", trace_text(subject, traces.back()));
    if (!traces.back().updated) break;
  }
  std::optional<GradientTimes> times;
  if (arguments.time) {
    life.doing("measuring times");
    times = time_gradients(model.network, subject.examples(), options, static_cast<std::uint64_t>(subject.seed));
  }
  life.rest();
  if (json) {
    print_json(trace_json(subject, traces, times));
  } else {
    print_to(stdout, "{}", trace_foot(subject, traces, times));
  }
  if (!traces.back().updated) {
    throw Failure(fmt::format("trace: the loss or a gradient of step {} is not finite; lower --lr (now {:g})",
                              traces.size(), subject.rate));
  }
  return kDone;
}

void describe_rows(Arguments& options, TrainArguments& to) {
  options.text("--target", to.table.target, "COL",
               "The column to predict: its name, last, or its number from 1; several of numbers: A,B");
  options.choice("--task", to.task, {"auto", "classification", "regression"}, "auto, classification or regression");
  describe_reading(options, to.reading);
  options.text("--weights", to.table.weights, "COL", "A column that says how much each row counts");
  options.texts("--drop", to.table.drop, "COL", "A column that is not used; may be given again");
  options.texts("--numeric", to.table.numeric, "COL", "A column of numbers; may be given again");
  options.texts("--categorical", to.table.categorical, "COL", "A column of categories; may be given again");
  options.choice("--missing", to.missing, {"impute", "refuse", "drop-rows"}, "Missing cells, as for train");
  options.choice("--scale", to.scale, {"standard", "minmax", "none"}, "Features: standard, minmax or none");
}

void describe_training(Arguments& options, TrainArguments& to) {
  options.text("--init-weights", to.table.init_weights, "NAME", "How weights begin: hillock help initializers");
  options.text("--init-bias", to.table.init_bias, "NAME", "How biases begin");
  options.choice_with_numbers("--loss", to.table.loss, names(nn::losses()),
                              "hillock help losses: mse, \"huber 0.5\", …");
  options.number("--label-smoothing", to.table.label_smoothing, {.max = 1, .max_open = true}, "For cross-entropy");
  options.choice("--optimizer", to.table.optimizer, names(optimizers()), "hillock help optimizers (sgd)");
  options.number("--lr", to.table.lr, {.min_open = true}, "The learning rate (sgd: 0.1)");
  options.number("--momentum", to.table.momentum, {.max = 1, .max_open = true}, "For momentum and nesterov (0.9)");
  options.number("--weight-decay", to.table.weight_decay, {}, "Pull parameters towards 0 (0)");
  options.number("--clip-norm", to.table.clip_norm, {.min_open = true}, "Shorten gradients that are longer");
  options.text("--class-weights", to.table.class_weights, "balanced|CLASS=W,...", "How much rows count by their class");
  options.integer("--seed", to.seed, 0, "Decides the first weights and what dropout drops (0)");
}

}  // namespace

void add_trace(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<TraceArguments>();
  arguments->train.dtype = "f64";
  Arguments options(app);
  options.positional("MODEL", arguments->first, "A model that hillock train wrote; or --net", false);
  options.positional("DATA", arguments->second, "A table, .npy file, IDX directory, or a built-in set's name", false);
  options.examples(kExamples);
  options.text("--net", arguments->train.table.net, "SPEC",
               "A new network instead of a model: hidden layers, as for train");
  options.integer("--row", arguments->row, 1, "The row to train on, counted from 1 (1)");
  options.text("--rows", arguments->rows, "A-B", "Several rows as one batch: the first and the last");
  options.text("--layer", arguments->layer, "L", "Print one layer alone: its name or number");
  options.integer("--steps", arguments->steps, 1, "Take so many steps on the same rows (1)");
  options.integer("--largest", arguments->largest, 1, "Print so many entries of a large layer, the largest (12)");
  options.flag("--time", arguments->time, "Time a forward pass, all gradients, and as many forward differences");
  options.flag("--summary", arguments->summary, "Print the network and the last lines alone");
  options.choice("--dtype", arguments->train.dtype, {"f32", "f64"}, "The arithmetic: f32 or f64 (f64)");
  describe_training(options, arguments->train);
  describe_rows(options, arguments->train);
  options.flag("--json", arguments->train.json, "Print every number as one JSON object");
  options.when_called([arguments, &run] { run = [arguments](const std::string&) { return trace(*arguments); }; });
}

}  // namespace hillock::program
