// hillock plan: prints every step of a training step and of a prediction.
#include "hillock/plan.h"

#include <fmt/format.h>

#include <memory>

#include "arguments/arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "hillock/error.h"
#include "hillock/graph.h"
#include "hillock/machine.h"
#include "hillock/model.h"
#include "hillock/optim.h"
#include "hillock/profile.h"
#include "hillock/recipe.h"
#include "hillock/train.h"
#include "print/output.h"
#include "print/plan_times.h"

namespace hillock::program {
namespace {

struct PlanArguments {
  std::string model;
  std::optional<std::string> net, input, loss, optimizer, dtype;
  std::optional<std::int64_t> outputs, batch;
  bool time = false;
  std::int64_t threads = 1;
};

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock plan digits.safetensors\n"
    "  hillock plan --net \"64, 32\" --input 64 --outputs 10 --batch 32 --optimizer sgd\n"
    "  hillock plan digits.safetensors --time";

// Parses "64" or "28x28" as a number of inputs.
std::int64_t parse_input(const std::string& text) {
  std::int64_t product = 1;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('x', begin), text.size());
    const auto extent = to_integer(std::string_view(text).substr(begin, end - begin));
    constexpr std::int64_t kMost = 1 << 24;
    if (!extent || *extent < 1 || *extent > kMost / product) {
      throw Error(fmt::format("plan: --input \"{}\" is not a shape; give 64 or 28x28", text));
    }
    product *= *extent;
    begin = end + 1;
  }
  return product;
}

struct Described {
  Network network;
  nn::Loss loss;
  TensorType targets;  // the type of one batch of targets
  // For a model: the layers before and behind the network, for rows as its files hold them.
  std::optional<Network> preparation{}, answer{};
};

TensorType target_type(const Network& network, Task task, std::int64_t batch, std::int64_t classes) {
  if (task == Task::regression) return {network.options().dtype, Shape{batch, network.outputs()}, {}};
  return {DType::i32, Shape{batch}, IntegerRange{0, classes}};
}

Described from_model(const std::string& path, std::int64_t batch) {
  Model model = load_model(path);
  const auto classes = static_cast<std::int64_t>(model.classes.size());
  const nn::Loss loss = model.loss_function();
  TensorType targets = target_type(model.network, model.task, batch, classes);
  Network preparation = model.preparation(model.read_options().dtype, model.network.options().dtype);
  Network answer = model.answer(model.network);
  return {std::move(model.network), loss, std::move(targets), std::move(preparation), std::move(answer)};
}

// With one output and no loss the target is a number; otherwise outputs are classes.
Described from_spec(const PlanArguments& arguments, std::int64_t batch) {
  if (!arguments.net || !arguments.input) throw Error("plan: give a model, or --net SPEC and --input N");
  NetworkSpec spec = NetworkSpec::parse(*arguments.net);
  std::optional<nn::LossKind> loss;
  nn::LossOptions loss_options;
  if (arguments.loss) {
    const nn::NamedLoss named = nn::named_loss(*arguments.loss);
    loss = named.kind;
    loss_options.parameter = named.parameter;
  }
  const std::int64_t outputs = arguments.outputs.value_or(1);
  const bool classes = outputs > 1 || (loss && nn::required_output(*loss));
  const DataSize size{classes ? Task::classification : Task::regression, 0, 0, std::max<std::int64_t>(2, outputs)};
  if (outputs == 2 && !loss && !spec.output) loss = nn::LossKind::cross_entropy;
  const Head head = choose_head(size, loss, spec.output);
  spec.output = head.output;
  Network network =
      make_network(spec, parse_input(*arguments.input), outputs, dtype_from_name(arguments.dtype.value_or("f32")));
  TensorType targets = target_type(network, size.task, batch, size.classes);
  return {std::move(network), nn::loss(head.loss, loss_options), std::move(targets)};
}

Plan forward_plan(const Network& network, std::int64_t batch) {
  Graph graph;
  const DType dtype = network.options().in.value_or(network.options().dtype);
  const Value in = graph.input("features", {dtype, Shape{batch, network.options().input.elements()}, {}});
  const nn::Output out = network.describe(graph, in);
  return Plan(graph, {.outputs = {out.prediction}, .constant_states = true});
}

int plan(const PlanArguments& arguments) {
  const bool model = !arguments.model.empty();
  if (model && (arguments.net || arguments.input || arguments.outputs || arguments.loss || arguments.dtype)) {
    throw Error("plan: a model has its own network; leave out --net, --input, --outputs, --loss and --dtype");
  }
  const std::int64_t batch = arguments.batch.value_or(32);
  Described described = model ? from_model(arguments.model, batch) : from_spec(arguments, batch);
  const std::string optimizer = arguments.optimizer.value_or(std::string(kDefaultOptimizer));
  const TrainingStep step(described.network, batch, described.targets,
                          {.loss = described.loss, .optimizer = optimizer_from_name(optimizer)});
  std::optional<MachineLimits> limits;
  if (arguments.time) limits = measure_machine_limits(thread_count(arguments.threads));
  if (limits) print_to(stdout, "{}\n", limits_text(*limits));
  const auto text = [&](const Plan& plan, Network& network) {
    return limits ? plan_times_text(plan, time_steps(plan, network.store(), *limits)) : plan.to_string();
  };
  print_to(stdout, "training step, batch {}, {}\n{}\n", batch, optimizer, text(step.plan(), described.network));
  print_to(stdout, "prediction, batch {}\n{}", batch, text(forward_plan(described.network, batch), described.network));
  const auto print_part = [&](const char* name, std::optional<Network>& part) {
    if (!part) return;
    const Plan plan = forward_plan(*part, batch);
    if (!plan.steps().empty()) print_to(stdout, "\n{}, batch {}\n{}", name, batch, text(plan, *part));
  };
  print_part("preparation, once for each row before training", described.preparation);
  print_part("answer", described.answer);
  return kDone;
}

}  // namespace

void add_plan(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<PlanArguments>();
  Arguments options(app);
  options.positional("MODEL", arguments->model, "A model that hillock train wrote", false);
  options.examples(kExamples);
  options.text("--net", arguments->net, "SPEC", "Hidden layers, as for train");
  options.text("--input", arguments->input, "SHAPE", "Of one row: 64 or 28x28");
  options.integer("--outputs", arguments->outputs, 1, "Classes, or 1 (1)");
  options.integer("--batch", arguments->batch, 1, "Rows in a step (32)");
  options.choice_with_numbers("--loss", arguments->loss, names(nn::losses()), "hillock help losses");
  options.choice("--optimizer", arguments->optimizer, names(optimizers()), "hillock help optimizers");
  options.choice("--dtype", arguments->dtype, {"f32", "f64"}, "f32 or f64");
  options.flag("--time", arguments->time, "Measure each step and compare it with the machine's limits");
  options.integer("--threads", arguments->threads, 1, "To measure with (1)");
  options.when_called([arguments, &run] { run = [arguments](const std::string&) { return plan(*arguments); }; });
}

}  // namespace hillock::program
