// Each choice comes from the options, else from the model that training starts from, else from the recipe.
#include "table/first_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "data/cell_value.h"
#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/text.h"
#include "table/check.h"

namespace hillock {
namespace {

constexpr double kUnknownCategories = 0.4;  // nn::Embedding::unknown

// How a numeric target is scaled so that the network's output can reach it: standardized in general; to [0, 1] for a
// sigmoid; not at all for outputs that are never, or hardly ever, negative.
Scale target_scale_for(nn::Activation output) {
  switch (output) {
    case nn::Activation::sigmoid: return Scale::minmax;
    case nn::Activation::relu:
    case nn::Activation::gelu:
    case nn::Activation::silu:
    case nn::Activation::mish:
    case nn::Activation::softplus: return Scale::none;
    default: return Scale::standard;
  }
}

// Sets the activation of the hidden layers to that of --activation.
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

NetworkSpec with_activation(const TableOptions& options, NetworkSpec spec) {
  if (options.activation) set_activation(spec.hidden, *options.activation);
  return spec;
}

// An optimizer that uses all rows in each step needs the same loss in every step, so nothing may be drawn at random.
bool full_batch(const TableOptions& options) {
  return optimizer_info(options.optimizer.value_or(std::string(kDefaultOptimizer))).full_batch;
}

NetworkSpec choose_spec(const TableOptions& options, const std::optional<Start>& start, const Recipe& recipe) {
  if (options.net) return with_activation(options, NetworkSpec::parse(*options.net));
  if (start && start->model) return with_activation(options, start->model->spec);
  NetworkSpec spec = with_activation(options, NetworkSpec::parse(recipe.network));
  if (full_batch(options)) {
    std::erase_if(spec.hidden, [](const nn::LayerSpec& layer) { return layer.record->random; });
  }
  return spec;
}

Head choose_head(const TableOptions& options, const DataSize& size, const NetworkSpec& spec) {
  const bool smooth = options.label_smoothing.value_or(0) > 0;
  std::optional<nn::LossKind> loss;
  if (options.loss) loss = nn::named_loss(*options.loss).kind;
  if (!loss && smooth) loss = nn::LossKind::cross_entropy;
  const Head head = choose_head(size, loss, spec.output);
  if (smooth && head.loss != nn::LossKind::cross_entropy) {
    throw Error(fmt::format("train: --label-smoothing is for --loss {}, not {}; leave one of them out",
                            nn::name_of(nn::LossKind::cross_entropy), nn::name_of(head.loss)),
                {{"--label-smoothing"}, {"--loss"}});
  }
  return head;
}

// A loss that the user names is used exactly; label smoothing is only for the loss that the recipe chooses.
double choose_smoothing(const TableOptions& options, const Recipe& recipe, const Head& head) {
  const bool chosen = !options.loss && head.loss == nn::LossKind::cross_entropy && head.outputs > 2;
  return options.label_smoothing.value_or(chosen ? recipe.label_smoothing : 0);
}

// The encoding of columns is learned from the training rows, or comes from the model that training starts from. Images
// have no categories and no missing values.
Encoding choose_encoding(const TableOptions& options, const std::optional<Start>& start, const Dataset& train) {
  if (start && start->model) {
    require_same_kinds(*start, train);
    if (!options.embed_above) return start->model->encoding;
    throw Error("train: --init brings what becomes of categories; leave out --embed-above", {{"--embed-above"}});
  }
  if (train.sample_shape.rank() != 1) return {};
  return Encoding::fit(train, {.embed_above = options.embed_above.value_or(kEmbedAbove)});
}

// The scaling is learned from the training rows, or comes from the model that training starts from.
void choose_scaling(const TableOptions& options, const std::optional<Start>& start, const Dataset& train,
                    Model& model) {
  const bool continued = start && start->model && !options.scale;
  const Scale scale = options.scale.value_or(train.scale);
  model.features = continued ? start->model->features : fit_scaler(scale, train);
  if (model.task != Task::regression) return;
  const Scale target = target_scale_for(model.network.options().output);
  const bool same_targets = continued && start->model->task == Task::regression &&
                            start->model->target_names.size() == train.target_names.size();
  model.targets = same_targets ? start->model->targets : Scaler::fit(target, train.targets);
}

void require_names_in_utf8(const Model& model, const std::string& where) {
  try {
    (void)model_metadata(model);
  } catch (const Error&) {
    throw Error(fmt::format("{}: a column's or class's name is not UTF-8 text; save the data as UTF-8", where));
  }
}

// None: the usual ones.
std::optional<std::vector<std::string>> missing_tokens(const TableOptions& options) {
  if (options.na_add.empty()) return options.na;
  std::vector<std::string> tokens = options.na.value_or(usual_missing_tokens());
  tokens.insert(tokens.end(), options.na_add.begin(), options.na_add.end());
  return tokens;
}

// Those of columns that are there.
NumberFormats formats_of(const Dataset& train) {
  NumberFormats formats;
  const std::vector<std::string> targets = train.all_targets();
  for (const auto& [name, format] : train.formats) {
    if (std::ranges::find(train.columns, name) != train.columns.end() ||
        std::ranges::find(targets, name) != targets.end())
      formats.emplace(name, format);
  }
  return formats;
}

}  // namespace

// Optimizers that use all rows need the same loss in every step, so embeddings must not replace categories at random.
std::vector<nn::Embedding> choose_embeddings(const TableOptions& options, const Encoding& encoding) {
  std::vector<nn::Embedding> tables = encoding.embeddings();
  for (nn::Embedding& table : tables) table.unknown = full_batch(options) ? 0 : kUnknownCategories;
  return tables;
}

Model build_model(const TableOptions& options, const std::optional<Start>& start, const Dataset& train,
                  const Recipe& recipe, const std::string& where) {
  NetworkSpec spec = choose_spec(options, start, recipe);
  const Head head = choose_head(options, size_of(train), spec);
  spec.output = head.output;
  Encoding encoding = choose_encoding(options, start, train);
  const std::int64_t inputs = encoding.inputs(train.columns.size());
  const std::vector<nn::Embedding> embeddings = choose_embeddings(options, encoding);
  const DType dtype = options.dtype;
  Model model{
      .network = make_network(spec, row_shape(spec, train.sample_shape, inputs), head.outputs, dtype, embeddings),
      .spec = spec,
      .task = train.task,
      .target = train.target,
      .target_names = train.target_names,
      .columns = train.columns,
      .classes = train.classes,
      .sample_shape = train.sample_shape,
      .features = {},
      .encoding = std::move(encoding),
      .rows_in_f64 = dtype == DType::f32 && train.features.dtype() == DType::f64,
      .targets = {},
      .loss = head.loss,
      .label_smoothing = choose_smoothing(options, recipe, head),
      .loss_parameter = options.loss ? nn::named_loss(*options.loss).parameter : 0,
      .training = "{}"};
  model.missing_tokens = missing_tokens(options);
  model.formats = formats_of(train);
  choose_scaling(options, start, train, model);
  require_names_in_utf8(model, where);
  return model;
}

void note_date_inputs(const Model& model, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < model.encoding.columns.size(); ++i) {
    const ColumnEncoding& column = model.encoding.columns[i];
    if (!column.date) continue;
    std::vector<std::string> parts{"the time"};
    for (const nn::Cycle cycle : column.cycles) {
      parts.emplace_back(cycle == nn::Cycle::day    ? "the hour"
                         : cycle == nn::Cycle::week ? "the weekday"
                                                    : "the day of the year");
    }
    std::string text = parts[0];
    for (std::size_t k = 1; k < parts.size(); ++k) text += (k + 1 < parts.size() ? ", " : " and ") + parts[k];
    notes.push_back(fmt::format("of column {} {} {}", quote(model.columns[i]), text,
                                parts.size() == 1 ? "becomes an input" : "become inputs"));
  }
}

Model untrained_model(const TableOptions& options, const Dataset& train) {
  check_options(options);
  require_consistent(train, "untrained_model: the rows");
  if (train.sample_shape.elements() != train.feature_count()) {
    throw Error(
        fmt::format("untrained_model: rows of {} columns have the sample shape {}; give [columns], or an image's",
                    train.feature_count(), train.sample_shape.to_string()));
  }
  Model model = build_model(options, {}, train, recipe_for(size_of(train)), train.name);
  std::optional<nn::Initializer> weights, bias;
  if (options.init_weights) weights = nn::initializer_from_name(*options.init_weights);
  if (options.init_bias) bias = nn::initializer_from_name(*options.init_bias);
  model.network.initialize(options.seed, weights, bias);
  return model;
}

}  // namespace hillock
