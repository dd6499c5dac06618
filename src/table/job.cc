// From arguments to a job: what was given, and the recipe for the rest.
#include "table/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "hillock/error.h"
#include "hillock/file.h"
#include "hillock/optim.h"
#include "hillock/safetensors.h"
#include "hillock/tensor.h"
#include "table/audit.h"
#include "table/class_weights.h"
#include "table/recipe.h"
#include "table/start.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

DataSize size_of(const Dataset& data) {
  const bool classes = data.task == Task::classification;
  return {data.task, data.rows(), data.feature_count(), classes ? static_cast<std::int64_t>(data.classes.size()) : 0};
}

// --activation replaces those of the hidden layers.
void set_activation(std::vector<nn::LayerSpec>& layers, const std::string& name) {
  for (nn::LayerSpec& layer : layers) {
    if (layer.record->is_activation) {
      throw Error(fmt::format(
          "train: --activation {} is for all hidden layers and the network has {} as a layer of its own; leave one out",
          name, nn::to_string(layer)));
    }
    if (layer.record->takes_activation) layer.attributes.set("activation", nn::activation_from_name(name));
    set_activation(layer.inside, name);
  }
}

NetworkSpec with_activation(const TableOptions& arguments, NetworkSpec spec) {
  if (arguments.activation) set_activation(spec.hidden, *arguments.activation);
  return spec;
}

// Of the optimizer that is chosen: nothing that is drawn anew for each step goes with it.
bool takes_all_rows(const TableOptions& arguments) {
  return optimizer_info(arguments.optimizer.value_or(std::string(kDefaultOptimizer))).takes_all_rows;
}

NetworkSpec choose_spec(const TableOptions& arguments, const std::optional<Start>& start, const Recipe& recipe) {
  if (arguments.net) return with_activation(arguments, NetworkSpec::parse(*arguments.net));
  if (start && start->model) return with_activation(arguments, start->model->spec);
  NetworkSpec spec = with_activation(arguments, NetworkSpec::parse(recipe.network));
  if (takes_all_rows(arguments)) {
    std::erase_if(spec.hidden, [](const nn::LayerSpec& layer) { return layer.record->random; });
  }
  return spec;
}

Head choose_head(const TableOptions& arguments, const DataSize& size, const NetworkSpec& spec) {
  const bool smooth = arguments.label_smoothing.value_or(0) > 0;
  std::optional<nn::LossKind> loss;
  if (arguments.loss) loss = nn::named_loss(*arguments.loss).kind;
  if (!loss && smooth) loss = nn::LossKind::cross_entropy;
  const Head head = choose_head(size, loss, spec.output);
  if (smooth && head.loss != nn::LossKind::cross_entropy) {
    throw Error(fmt::format("train: --label-smoothing is for --loss {}, not {}; leave one of them out",
                            nn::name_of(nn::LossKind::cross_entropy), nn::name_of(head.loss)));
  }
  return head;
}

// A loss that the user names is meant exactly; the recipe may smooth the one it chooses itself.
double choose_smoothing(const TableOptions& arguments, const Recipe& recipe, const Head& head) {
  const bool chosen = !arguments.loss && head.loss == nn::LossKind::cross_entropy && head.outputs > 2;
  return arguments.label_smoothing.value_or(chosen ? recipe.label_smoothing : 0);
}

void encode_parts(Parts& parts, const Model& model) {
  for (Dataset* data :
       {&parts.train, parts.validation ? &*parts.validation : nullptr, parts.test ? &*parts.test : nullptr}) {
    if (data == nullptr) continue;
    data->features = model.encode(*data);
    if (model.task == Task::regression) data->targets = model.encode_targets(data->targets);
    if (data->has_weights()) data->weights = converted(std::move(data->weights), model.network.options().dtype);
  }
}

// The encoding of columns is learnt from the training rows, or comes from the model that training starts from. Images
// have no categories, and nothing is missing.
Encoding choose_encoding(const TableOptions& arguments, const std::optional<Start>& start, const Dataset& train) {
  if (start && start->model) {
    require_same_kinds(*start, train);
    if (!arguments.embed_above) return start->model->encoding;
    throw Error("train: --init brings what becomes of categories; leave out --embed-above");
  }
  if (train.sample_shape.rank() != 1) return {};
  return Encoding::fit(train, {.embed_above = arguments.embed_above.value_or(kEmbedAbove)});
}

// The scaling is learnt from the training rows, or comes from the model that training starts from.
void choose_scaling(const TableOptions& arguments, const std::optional<Start>& start, const Dataset& train,
                    Model& model) {
  const bool continued = start && start->model && !arguments.scale;
  const Scale scale = arguments.scale.value_or(train.scale);
  model.features = continued ? start->model->features : fit_scaler(scale, train);
  if (model.task != Task::regression) return;
  const Scale target = target_scale_for(model.network.options().output);
  const bool same_task = continued && start->model->task == Task::regression;
  model.targets = same_task ? start->model->targets : Scaler::fit(target, train.targets);
}

void require_savable(const Model& model, const std::string& where) {
  try {
    (void)model_metadata(model);
  } catch (const Error&) {
    throw Error(fmt::format("{}: a column's or class's name is not UTF-8 text; save the data as UTF-8", where));
  }
}

// Full batches need a loss that stays the same.
std::vector<nn::Embedding> choose_embeddings(const TableOptions& arguments, const Encoding& encoding) {
  std::vector<nn::Embedding> tables = encoding.embeddings();
  for (nn::Embedding& table : tables) table.unknown = takes_all_rows(arguments) ? 0 : kUnknownCategories;
  return tables;
}

// `where` stands for the data in messages.
Model build_model(const TableOptions& arguments, const std::optional<Start>& start, const Dataset& train,
                  const Recipe& recipe, const std::string& where) {
  NetworkSpec spec = choose_spec(arguments, start, recipe);
  const Head head = choose_head(arguments, size_of(train), spec);
  spec.output = head.output;
  Encoding encoding = choose_encoding(arguments, start, train);
  const std::int64_t inputs = encoding.inputs(train.columns.size());
  const std::vector<nn::Embedding> embeddings = choose_embeddings(arguments, encoding);
  const DType dtype = arguments.dtype;
  Model model{
      .network = make_network(spec, row_shape(spec, train.sample_shape, inputs), head.outputs, dtype, embeddings),
      .spec = spec,
      .task = train.task,
      .target = train.target,
      .columns = train.columns,
      .classes = train.classes,
      .sample_shape = train.sample_shape,
      .features = {},
      .encoding = std::move(encoding),
      .rows_in_f64 = train.features.dtype() != dtype,
      .targets = {},
      .loss = head.loss,
      .label_smoothing = choose_smoothing(arguments, recipe, head),
      .loss_parameter = arguments.loss ? nn::named_loss(*arguments.loss).parameter : 0,
      .training = "{}"};
  model.missing_tokens = arguments.na;
  choose_scaling(arguments, start, train, model);
  require_savable(model, where);
  return model;
}

Schedule choose_schedule(const TableOptions& arguments, const std::string& name) {
  Schedule schedule = schedule_from_name(name);
  schedule.warmup = arguments.warmup;
  if (schedule.kind == Schedule::Kind::one_cycle && schedule.warmup > 0) {
    throw Error("train: --schedule one-cycle rises by itself; leave out --warmup");
  }
  return schedule;
}

// The recipe's batch is for optimizers that take a part of the rows in each step.
void choose_batch(const TableOptions& arguments, const Recipe& recipe, TrainOptions& options) {
  const bool full = options.step.optimizer.takes_all_rows();
  options.batch_size = arguments.batch.value_or(full ? 0 : recipe.batch);
  if (!full) return;
  if (options.batch_size != 0) {
    throw Error(fmt::format("train: --optimizer {} takes all rows in each step, not --batch {}; give --batch all",
                            options.step.optimizer.name, *arguments.batch));
  }
  if (options.step.clip_norm > 0) {
    throw Error(fmt::format("train: --optimizer {} finds the length of its steps itself; leave out --clip-norm",
                            options.step.optimizer.name));
  }
}

void require_no_random_layer(const OptimizerInfo& optimizer, const NetworkSpec& spec) {
  const nn::LayerSpec* layer = nn::first_with(spec.hidden, &nn::LayerRecord::random);
  if (layer == nullptr) return;
  throw Error(
      fmt::format("train: --optimizer {} needs a loss that stays the same and the network has {}; leave {} out of "
                  "--net",
                  optimizer.name, nn::to_string(*layer), layer->record->word));
}

TrainOptions choose_options(const TableOptions& arguments, const Recipe& recipe, const Model& model, const Parts& parts,
                            Choices& choices) {
  choices.optimizer = arguments.optimizer.value_or(std::string(kDefaultOptimizer));
  const OptimizerInfo& optimizer = optimizer_info(choices.optimizer);
  const bool full_batch = optimizer.takes_all_rows;
  if (full_batch) require_no_random_layer(optimizer, model.spec);
  choices.schedule = arguments.schedule.value_or(full_batch ? "constant" : recipe.schedule);
  if (arguments.momentum && !optimizer.takes_momentum) {
    throw Error(
        fmt::format("train: --momentum is for the optimizers momentum and nesterov, not {}; give --optimizer momentum",
                    choices.optimizer));
  }
  NamedOptimizerOptions named;
  named.momentum = arguments.momentum.value_or(named.momentum);
  named.weight_decay = arguments.weight_decay;
  choices.momentum = named.momentum;
  choices.weight_decay = named.weight_decay;
  if (arguments.patience.value_or(0) > 0 && !parts.validation) {
    throw Error("train: --patience needs validation rows and there are none; give --validation or leave it out");
  }
  TrainOptions options;
  options.step.loss = model.loss_function();
  options.step.optimizer = optimizer_from_name(choices.optimizer, named);
  options.step.clip_norm = arguments.clip_norm;
  options.step.session.threads = thread_count(arguments.threads);
  options.epochs = arguments.epochs.value_or(recipe.epochs);
  choose_batch(arguments, recipe, options);
  options.rate = arguments.lr.value_or(default_rate(choices.optimizer, recipe));
  if (model.network.options().dtype == DType::f32 && options.rate > std::numeric_limits<float>::max()) {
    throw Error(fmt::format("train: --lr {} is beyond f32; give less, or --dtype f64", options.rate));
  }
  options.schedule = choose_schedule(arguments, choices.schedule);
  options.shuffle = arguments.shuffle;
  options.seed = arguments.seed;
  options.patience = parts.validation ? arguments.patience.value_or(recipe.patience) : 0;
  options.target_loss = arguments.target_loss;
  options.target_scale = model.target_scale();
  return options;
}

void initialize(const TableOptions& arguments, const std::optional<Start>& start, Job& job) {
  if (arguments.init_weights) job.weights = nn::initializer_from_name(*arguments.init_weights);
  if (arguments.init_bias) job.bias = nn::initializer_from_name(*arguments.init_bias);
  if (job.weights) job.choices.initializers += fmt::format("weights {}", nn::to_string(*job.weights));
  if (job.bias) job.choices.initializers += fmt::format("{}bias {}", job.weights ? ", " : "", nn::to_string(*job.bias));
  if (start && (job.weights || job.bias)) {
    throw Error("train: --init gives every parameter its first value; leave out --init-weights and --init-bias");
  }
  job.model.network.initialize(job.options.seed, job.weights, job.bias);
  if (!start) return;
  load_parameters(job.model.network, start->file, start->path);
  job.choices.init = start->path;
}

// Refused now what training or judging would refuse later.
void require_weights_of_parts(const Job& job, DType dtype) {
  require_weights(training_examples(job), dtype, "train: the training");
  if (job.parts.validation) require_weights(*validation_examples(job), dtype, "train: the validation");
  if (job.parts.test) require_weights(examples_of(*job.parts.test), dtype, "train: the test");
}

void choose_weights(const TableOptions& arguments, Job& job) {
  if (arguments.class_weights) {
    job.choices.class_weights = *arguments.class_weights;
    job.choices.by_class = parse_class_weights(*arguments.class_weights, job.parts.train);
    job.train_weights = row_weights(job.parts.train, job.choices.by_class);
    if (job.parts.validation) job.validation_weights = row_weights(*job.parts.validation, job.choices.by_class);
  }
  require_weights_of_parts(job, job.model.network.options().dtype);
}

void check_restarts(const TableOptions& arguments) {
  if (arguments.restarts == 0) return;
  if (!arguments.target_loss) {
    throw Error(
        "train: --restarts begins again while --target-loss is not reached; give --target-loss, for example 0.01");
  }
  if (arguments.init)
    throw Error("train: --init gives the first weights, so --restarts has no others to try; leave one out");
}

Examples with_weights(const Dataset& data, const Tensor& weights) {
  Examples examples = examples_of(data);
  if (weights.raw() != nullptr) examples.weights = &weights;
  return examples;
}

}  // namespace

Examples training_examples(const Job& job) { return with_weights(job.parts.train, job.train_weights); }

std::optional<Examples> validation_examples(const Job& job) {
  if (!job.parts.validation) return std::nullopt;
  return with_weights(*job.parts.validation, job.validation_weights);
}

void check_before_reading(const TableOptions& arguments) {
  check_restarts(arguments);
  if (arguments.net) (void)NetworkSpec::parse(*arguments.net);
}

Model first_model(const TableOptions& arguments, const Dataset& train) {
  Model model = build_model(arguments, {}, train, recipe_for(size_of(train)), train.name);
  std::optional<nn::Initializer> weights, bias;
  if (arguments.init_weights) weights = nn::initializer_from_name(*arguments.init_weights);
  if (arguments.init_bias) bias = nn::initializer_from_name(*arguments.init_bias);
  model.network.initialize(arguments.seed, weights, bias);
  return model;
}

Job prepare(const TableOptions& arguments, LoadedParts loaded, bool audit) {
  const std::optional<Start> start = read_start(arguments);
  require_same_missing(arguments, start);
  drop_columns_without_cells(loaded);
  match_columns(start, loaded);
  tell_what_is_new(start, loaded.parts.train, loaded.notes);
  const Recipe recipe = recipe_for(size_of(loaded.parts.train));
  std::optional<Dataset> few;
  if (loaded.rows <= kFewRows) few = loaded.parts.train;
  std::vector<Warning> warnings = audit ? find_data_warnings(loaded.parts) : std::vector<Warning>();
  Model model = build_model(arguments, start, loaded.parts.train, recipe, loaded.source);
  std::vector<nn::Embedding> embeddings = choose_embeddings(arguments, model.encoding);
  Job job{.parts = std::move(loaded.parts),
          .train_weights = {},
          .validation_weights = {},
          .few = std::move(few),
          .model = std::move(model),
          .embeddings = std::move(embeddings),
          .options = {},
          .choices = {},
          .weights = {},
          .bias = {},
          .restarts = arguments.restarts,
          .notes = std::move(loaded.notes),
          .warnings = std::move(warnings)};
  job.options = choose_options(arguments, recipe, job.model, job.parts, job.choices);
  encode_parts(job.parts, job.model);
  choose_weights(arguments, job);
  initialize(arguments, start, job);
  if (arguments.auto_lr) {
    job.choices.rate_test = find_rate(job.model.network, job.options, training_examples(job));
    job.options.rate = job.choices.rate_test->rate;
  }
  return job;
}

Network fresh_network(const Job& job, std::uint64_t seed) {
  const Network& like = job.model.network;
  Network network = make_network(job.model.spec, like.options().input.elements(), like.outputs(), like.options().dtype,
                                 job.embeddings);
  network.initialize(seed, job.weights, job.bias);
  return network;
}

}  // namespace hillock
