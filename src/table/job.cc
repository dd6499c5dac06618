// Prepares a job from the options that were given and the recipe for the rest.
#include "table/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "hillock/error.h"
#include "hillock/file.h"
#include "hillock/optim.h"
#include "hillock/recipe.h"
#include "hillock/row_weights.h"
#include "hillock/safetensors.h"
#include "hillock/tensor.h"
#include "table/audit.h"
#include "table/columns.h"
#include "table/first_model.h"
#include "table/start.h"

namespace hillock {
namespace {

// Each split is freed once it is prepared, so that at most one is in memory twice.
PreparedSplits prepare_splits(TableSplits splits, const Model& model) {
  PreparedSplits prepared{.train = model.prepare(std::move(splits.train))};
  if (splits.validation) prepared.validation = model.prepare(std::move(*splits.validation));
  if (splits.test) prepared.test = model.prepare(std::move(*splits.test));
  return prepared;
}

Schedule choose_schedule(const TableOptions& asked, const std::string& name) {
  Schedule schedule = schedule_from_name(name);
  schedule.warmup = asked.warmup;
  if (schedule.kind == Schedule::Kind::one_cycle && schedule.warmup > 0) {
    throw Error("train: --schedule one-cycle rises by itself; leave out --warmup", {{"--warmup"}});
  }
  return schedule;
}

// The recipe's batch size only applies to optimizers that use some of the rows in each step.
void choose_batch(const TableOptions& asked, const Recipe& recipe, TrainOptions& options) {
  const bool full = options.step.optimizer.full_batch();
  options.batch_size = asked.batch.value_or(full ? 0 : recipe.batch);
  if (!full) return;
  if (options.batch_size != 0) {
    const Remedy all{"--batch", {"all"}};
    throw Error(fmt::format("train: --optimizer {} takes all rows in each step, not --batch {}; give {}",
                            options.step.optimizer.name, *asked.batch, all.text()),
                {all});
  }
  if (options.step.clip_norm > 0) {
    throw Error(fmt::format("train: --optimizer {} finds the length of its steps itself; leave out --clip-norm",
                            options.step.optimizer.name),
                {{"--clip-norm"}});
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

TrainOptions choose_options(const TableOptions& asked, const Recipe& recipe, const Model& model,
                            const TableSplits& splits, TableChoices& choices) {
  choices.optimizer = asked.optimizer.value_or(std::string(kDefaultOptimizer));
  const OptimizerInfo& optimizer = optimizer_info(choices.optimizer);
  const bool full_batch = optimizer.full_batch;
  if (full_batch) require_no_random_layer(optimizer, model.spec);
  choices.schedule = asked.schedule.value_or(full_batch ? "constant" : recipe.schedule);
  if (asked.momentum && !optimizer.takes_momentum) {
    const Remedy momentum{"--optimizer", {"momentum"}};
    throw Error(fmt::format("train: --momentum is for the optimizers momentum and nesterov, not {}; give {}",
                            choices.optimizer, momentum.text()),
                {momentum});
  }
  NamedOptimizerOptions named;
  named.momentum = asked.momentum.value_or(named.momentum);
  named.weight_decay = asked.weight_decay;
  choices.momentum = named.momentum;
  choices.weight_decay = named.weight_decay;
  if (asked.patience.value_or(0) > 0 && !splits.validation) {
    throw Error("train: --patience needs validation rows and there are none; give --validation or leave it out",
                {{"--patience"}});
  }
  TrainOptions options;
  options.step.loss = model.loss_function();
  options.step.optimizer = optimizer_from_name(choices.optimizer, named);
  options.step.clip_norm = asked.clip_norm;
  options.step.session.threads = thread_count(asked.threads);
  options.epochs = asked.epochs.value_or(recipe.epochs);
  choose_batch(asked, recipe, options);
  options.rate = asked.lr.value_or(default_rate(choices.optimizer, recipe));
  if (model.network.options().dtype == DType::f32 && options.rate > std::numeric_limits<float>::max()) {
    const Remedy wide{"--dtype", {"f64"}};
    throw Error(fmt::format("train: --lr {} is beyond f32; give less, or {}", options.rate, wide.text()), {wide});
  }
  options.schedule = choose_schedule(asked, choices.schedule);
  options.shuffle = asked.shuffle;
  options.seed = asked.seed;
  options.patience = splits.validation ? asked.patience.value_or(recipe.patience) : 0;
  options.target_loss = asked.target_loss;
  options.target_scale = model.target_scale();
  return options;
}

void initialize(const TableOptions& asked, const std::optional<Start>& start, PreparedJob& job) {
  if (asked.init_weights) job.weights = nn::initializer_from_name(*asked.init_weights);
  if (asked.init_bias) job.bias = nn::initializer_from_name(*asked.init_bias);
  if (job.weights) job.choices.initializers += fmt::format("weights {}", nn::to_string(*job.weights));
  if (job.bias) job.choices.initializers += fmt::format("{}bias {}", job.weights ? ", " : "", nn::to_string(*job.bias));
  if (start && (job.weights || job.bias)) {
    throw Error("train: --init gives every parameter its first value; leave out --init-weights and --init-bias",
                {{job.weights ? "--init-weights" : "--init-bias"}});
  }
  job.model.network.initialize(job.options.seed, job.weights, job.bias);
  if (!start) return;
  load_parameters(job.model.network, start->file, start->path);
  job.options.fit_layers = false;  // the model file already has what the layers have fitted
  job.choices.init = start->path;
}

// Refuses weights now that training or scoring would refuse later.
void require_weights_of_splits(const PreparedJob& job, DType dtype) {
  require_weights(training_examples(job), dtype, "train: the training");
  if (job.splits.validation) require_weights(*validation_examples(job), dtype, "train: the validation");
  if (job.splits.test) require_weights(job.splits.test->examples(), dtype, "train: the test");
}

// Rounds weights to the network's type.
void round_weights(TableSplits& splits, DType dtype) {
  for (Dataset* data :
       {&splits.train, splits.validation ? &*splits.validation : nullptr, splits.test ? &*splits.test : nullptr}) {
    if (data != nullptr && data->has_weights()) data->weights = converted(std::move(data->weights), dtype);
  }
}

void choose_weights(const TableOptions& asked, const TableSplits& splits, PreparedJob& job) {
  if (!asked.class_weights) return;
  const DType dtype = job.model.network.options().dtype;
  job.choices.class_weights = *asked.class_weights;
  job.choices.by_class = parse_class_weights(*asked.class_weights, splits.train);
  job.train_weights = row_weights(splits.train, job.choices.by_class, dtype);
  if (splits.validation) job.validation_weights = row_weights(*splits.validation, job.choices.by_class, dtype);
}

Examples with_weights(const PreparedRows& rows, const Tensor& weights) {
  Examples examples = rows.examples();
  if (weights.raw() != nullptr) examples.weights = &weights;
  return examples;
}

}  // namespace

Examples training_examples(const PreparedJob& job) { return with_weights(job.splits.train, job.train_weights); }

std::optional<Examples> validation_examples(const PreparedJob& job) {
  if (!job.splits.validation) return std::nullopt;
  return with_weights(*job.splits.validation, job.validation_weights);
}

PreparedJob prepare(const TableOptions& asked, LoadedSplits loaded, bool audit) {
  (void)date_of_making();  // refuses a wrong SOURCE_DATE_EPOCH before the work, not after it
  const std::optional<Start> start = read_start(asked);
  require_same_missing(asked, start);
  drop_columns_without_cells(loaded);
  match_columns(start, loaded);
  tell_what_is_new(start, loaded.splits.train, loaded.notes);
  if (asked.scale && start && start->model) {
    loaded.notes.push_back(
        "--scale scales the columns anew, and the weights of --init were learnt with the scaling of their own model");
  }
  const Recipe recipe = recipe_for(size_of(loaded.splits.train));
  std::optional<Dataset> small_table;
  if (loaded.rows <= kSmallTableRows) small_table = loaded.splits.train;
  std::vector<Warning> warnings = audit ? find_data_warnings(loaded.splits) : std::vector<Warning>();
  Model model = build_model(asked, start, loaded.splits.train, recipe, loaded.source);
  note_date_inputs(model, loaded.notes);
  std::vector<nn::Embedding> embeddings = choose_embeddings(asked, model.encoding);
  std::vector<ColumnAccount> columns;
  if (audit) columns = account_for_columns(loaded.columns, model, loaded.splits.train);
  PreparedJob job{.data_name = loaded.splits.train.name,
                  .origin = origin_of(asked, loaded),
                  .splits = {},
                  .train_weights = {},
                  .validation_weights = {},
                  .small_table = std::move(small_table),
                  .model = std::move(model),
                  .embeddings = std::move(embeddings),
                  .options = {},
                  .choices = {},
                  .weights = {},
                  .bias = {},
                  .restarts = asked.restarts,
                  .columns = std::move(columns),
                  .notes = std::move(loaded.notes),
                  .warnings = std::move(warnings)};
  job.options = choose_options(asked, recipe, job.model, loaded.splits, job.choices);
  const DType dtype = job.model.network.options().dtype;
  round_weights(loaded.splits, dtype);
  choose_weights(asked, loaded.splits, job);
  job.splits = prepare_splits(std::move(loaded.splits), job.model);
  require_weights_of_splits(job, dtype);
  initialize(asked, start, job);
  if (asked.auto_lr) {
    job.choices.rate_test = find_rate(job.model.network, job.options, training_examples(job));
    job.options.rate = job.choices.rate_test->rate;
  }
  return job;
}

Network fresh_network(const PreparedJob& job, std::uint64_t seed) {
  const Network& like = job.model.network;
  Network network =
      make_network(job.model.spec, like.options().input, like.outputs(), like.options().dtype, job.embeddings);
  network.initialize(seed, job.weights, job.bias);
  return network;
}

}  // namespace hillock
