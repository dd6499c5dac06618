// Models: what they tell about their data, and how they are saved and loaded.
#include "hillock/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/finite.h"
#include "core/row_shape.h"
#include "data/dataset_check.h"
#include "hillock/error.h"
#include "hillock/step.h"
#include "hillock/tensor.h"
#include "hillock/text.h"
#include "model/checks.h"
#include "model/metadata.h"

namespace hillock {
namespace {

constexpr std::string_view kPreprocessing = "preprocessing.";
constexpr const char* kFeatureOffset = "preprocessing.offset";
constexpr const char* kFeatureFactor = "preprocessing.factor";
constexpr const char* kFeatureFill = "preprocessing.fill";
constexpr const char* kTargetOffset = "preprocessing.target_offset";
constexpr const char* kTargetFactor = "preprocessing.target_factor";

// The options of a network from rows of shape `row` to [outputs], checked before memory of its size is allocated.
NetworkOptions network_options(const NetworkSpec& spec, const Shape& row, std::int64_t outputs, DType dtype,
                               const std::vector<nn::Embedding>& embeddings) {
  nn::Layer layers = build_layers(spec, outputs);
  return {.layer = embeddings.empty() ? layers : nn::sequential({nn::embed(embeddings), layers}),
          .input = row,
          .output = spec.output.value_or(nn::Activation::identity),
          .dtype = dtype};
}

Shape row_of(const ModelDescription& model) { return row_shape(model.spec, model.sample_shape, model.inputs); }

// The state that the network's layers will ask for. Found out before the network is made, since a file may claim
// anything: describing layers allocates nothing.
nn::StateLayout layout_of(const ModelDescription& model) {
  const NetworkOptions options = network_options(model.spec, row_of(model), model.outputs, model.dtype,
                                                 Encoding{model.encodings, {}}.embeddings());
  Graph graph;
  nn::StateLayout layout;
  nn::Scope scope(graph, model.dtype, /*training=*/true, layout);
  options.layer(scope, graph.input("features", {model.dtype, with_rows(1, options.input), {}}));
  return layout;
}

// Throws Error unless the number of elements in the file's tensors, other than preprocessing, equals that of the
// parameters and statistics of the network that it describes.
void require_counts(const ModelDescription& model, const SafetensorsFile& file, std::string_view where) {
  std::int64_t parameters = 0, statistics = 0;
  for (const NamedTensor& item : file.tensors) {
    if (item.name.starts_with(kPreprocessing)) continue;
    const bool listed = std::ranges::find(model.statistics, item.name) != model.statistics.end();
    (listed ? statistics : parameters) += item.tensor.elements();
  }
  const auto differ = [&](const std::string& held) {
    return fmt::format("its tensors hold {}, which is not what its network {} needs", held,
                       quote(model.spec.to_string()));
  };
  std::string why = differ(fmt::format("{} parameters", parameters));
  try {
    const nn::StateLayout layout = layout_of(model);
    std::int64_t asked = 0;
    for (const nn::StatisticSpec& spec : layout.statistics) asked += spec.type.elements();
    if (layout.elements == parameters && asked == statistics) return;
    if (layout.elements == parameters) why = differ(fmt::format("{} numbers of statistics", statistics));
  } catch (const Error& error) {
    why = error.what();
  }
  throw Error(fmt::format("{}: {}; the file is damaged, take another copy of it", where, why));
}

void require_types(const Network& network, const SafetensorsFile& file, std::string_view where) {
  const std::vector<StateEntry> schema = network.schema();
  for (const NamedTensor& item : file.tensors) {
    if (item.name.starts_with(kPreprocessing)) continue;
    const auto entry = std::ranges::find(schema, item.name, &StateEntry::name);
    if (entry == schema.end()) {
      throw Error(fmt::format("{}: tensor {} is not part of its network; the file is damaged, take another copy of it",
                              where, quote(item.name)));
    }
    if (item.tensor.dtype() == entry->type.dtype) continue;
    if (entry->role == StateRole::statistic) {
      throw Error(
          fmt::format("{}: tensor \"{}\" is {} where the network has {}; the file is damaged, take another copy "
                      "of it",
                      where, item.name, name_of(item.tensor.dtype()), name_of(entry->type.dtype)));
    }
    throw Error(fmt::format("{}: tensor \"{}\" is {} in a model of {}; the file is damaged, take another copy of it",
                            where, item.name, name_of(item.tensor.dtype()), name_of(network.options().dtype)));
  }
}

std::vector<double> learnt_numbers(const SafetensorsFile& file, const char* name, std::int64_t count,
                                   std::string_view where) {
  const Tensor* tensor = file.find(name);
  if (tensor == nullptr)
    throw Error(fmt::format("{}: tensor \"{}\" is missing; the file is damaged, take another copy of it", where, name));
  const Shape expected{count};
  if (tensor->dtype() != DType::f64 || tensor->shape() != expected) {
    throw Error(fmt::format("{}: tensor \"{}\" is {} instead of f64{}; the file is damaged, take another copy of it",
                            where, name, tensor->type().to_string(), expected.to_string()));
  }
  if (!all_finite(*tensor)) {
    throw Error(
        fmt::format("{}: tensor \"{}\" holds a value that is not finite; the file is damaged, take another copy of it",
                    where, name));
  }
  const auto values = tensor->values<double>();
  return {values.begin(), values.end()};
}

Scaler read_scaler(const SafetensorsFile& file, Scale kind, const char* offset, const char* factor, std::int64_t count,
                   std::string_view where) {
  if (kind == Scale::none) return {};
  Scaler scaler{kind, learnt_numbers(file, offset, count, where), learnt_numbers(file, factor, count, where)};
  if (std::any_of(scaler.factor.begin(), scaler.factor.end(), [](double value) { return value == 0; })) {
    throw Error(
        fmt::format("{}: tensor \"{}\" holds a zero; the file is damaged, take another copy of it", where, factor));
  }
  return scaler;
}

void write_scaler(SafetensorsFile& file, const Scaler& scaler, const char* offset, const char* factor) {
  if (scaler.kind == Scale::none) return;
  const Shape shape{static_cast<std::int64_t>(scaler.offset.size())};
  file.tensors.push_back({offset, Tensor::from<double>(shape, scaler.offset)});
  file.tensors.push_back({factor, Tensor::from<double>(shape, scaler.factor)});
}

}  // namespace

void require_rows(std::string_view where, const Tensor& rows, std::size_t columns) {
  if (is_float(rows.dtype()) && rows.shape().rank() == 2 && rows.shape()[1] == static_cast<std::int64_t>(columns))
    return;
  throw Error(fmt::format("{}: rows are {}; give f32 or f64 [rows, {}]", where, rows.type().to_string(), columns));
}

void require_same_targets(std::string_view where, const Model& model, const Dataset& data) {
  constexpr const char* kRemedy = "read them with Model::read_options()";
  if (data.task != model.task) {
    throw Error(fmt::format("{}: the data are for {} and the model is for {}; {}", where, name_of(data.task),
                            name_of(model.task), kRemedy));
  }
  if (data.target_names != model.target_names) {
    throw Error(fmt::format("{}: the data have the targets {} and the model {}; {}", where,
                            list_names(data.all_targets()), list_names(model.all_targets()), kRemedy));
  }
  if (data.classes == model.classes) return;
  throw Error(fmt::format("{}: the data have the classes {} and the model {}; {}", where, list_names(data.classes),
                          list_names(model.classes), kRemedy));
}

void require_columns(std::string_view where, const Dataset& data, const std::vector<std::string>& columns) {
  if (data.columns == columns) return;
  throw Error(fmt::format("{}: the data have the columns {} and the model {}; read them with Model::read_options()",
                          where, list_names(data.columns), list_names(columns)));
}

ReadOptions Model::read_options() const {
  std::vector<std::vector<std::string>> categories;
  std::vector<std::optional<DateForm>> dates;
  for (const ColumnEncoding& column : encoding.columns) {
    categories.push_back(column.categories);
    dates.push_back(column.date);
  }
  return {.target = target,
          .task = task,
          .dtype = rows_in_f64 ? DType::f64 : network.options().dtype,
          .require_target = true,
          .expected_columns = columns,
          .expected_targets = target_names,
          .expected_classes = classes,
          .expected_categories = std::move(categories),
          .expected_formats = formats,
          .expected_dates = std::move(dates),
          .header = {},
          .missing = sample_shape.rank() > 1 ? Missing::refuse : Missing::impute,  // images have no missing pixels
          .missing_tokens = missing_tokens};
}

TargetScale Model::target_scale() const {
  if (targets.kind == Scale::none) return {};
  TargetScale scale{.offset = targets.offset[0], .factor = 1 / targets.factor[0]};
  for (std::size_t k = 0; targets.offset.size() > 1 && k < targets.offset.size(); ++k)
    scale.each.push_back({.offset = targets.offset[k], .factor = 1 / targets.factor[k]});
  return scale;
}

Network make_network(const NetworkSpec& spec, const Shape& row, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings) {
  return Network(network_options(spec, row, outputs, dtype, embeddings));
}

Network make_network(const NetworkSpec& spec, std::int64_t inputs, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings) {
  return make_network(spec, Shape{inputs}, outputs, dtype, embeddings);
}

void load_parameters(Network& network, const SafetensorsFile& file, std::string_view where) {
  const std::vector<StateEntry> schema = network.schema();
  for (const StateEntry& entry : schema) {
    const Tensor* tensor = file.find(entry.name);
    if (tensor == nullptr) {
      throw Error(fmt::format("{}: has no tensor \"{}\" {}; give a file with every {} of the network", where,
                              entry.name, entry.type.shape.to_string(), name_of(entry.role)));
    }
    if (tensor->shape() != entry.type.shape || is_float(tensor->dtype()) != is_float(entry.type.dtype)) {
      throw Error(fmt::format("{}: tensor \"{}\" is {} where the network has {}; give a file for this network", where,
                              entry.name, tensor->type().to_string(), entry.type.shape.to_string()));
    }
    if (!all_finite(converted(*tensor, entry.type.dtype))) {
      throw Error(
          fmt::format("{}: tensor \"{}\" holds a value that is not finite; give a file without", where, entry.name));
    }
  }
  for (const StateEntry& entry : schema) {
    const Tensor& value = *file.find(entry.name);
    if (entry.role == StateRole::parameter) {
      network.set_parameter(entry.name, value);
    } else {
      network.set_statistic(entry.name, value);
    }
  }
}

Metrics evaluate(const Model& model, const Dataset& data, const SessionOptions& options) {
  require_rows_fit("evaluate", data);
  require_columns("evaluate", data, model.columns);
  if (!data.has_targets())
    throw Error(fmt::format("evaluate: the data have no targets; give rows with {}", quote(model.target)));
  require_same_targets("evaluate", model, data);
  const PreparedRows rows = model.prepare(data);
  return evaluate(model.network, model.loss_function(), rows.examples(), model.target_scale(), options);
}

Model convert(const Model& model, DType dtype) {
  NetworkSpec spec = model.spec;
  spec.output = model.network.options().output;
  Network network =
      make_network(spec, model.network.options().input, model.network.outputs(), dtype, model.encoding.embeddings());
  network.copy_values(model.network);
  return {.network = std::move(network),
          .spec = spec,
          .task = model.task,
          .target = model.target,
          .target_names = model.target_names,
          .columns = model.columns,
          .classes = model.classes,
          .sample_shape = model.sample_shape,
          .features = model.features,
          .encoding = model.encoding,
          .missing_tokens = model.missing_tokens,
          .formats = model.formats,
          .rows_in_f64 = model.rows_in_f64,
          .targets = model.targets,
          .loss = model.loss,
          .label_smoothing = model.label_smoothing,
          .loss_parameter = model.loss_parameter,
          .training = model.training};
}

SafetensorsFile file_of(const Model& model, std::string_view where) {
  require_savable(model, where);
  SafetensorsFile file;
  write_scaler(file, model.features, kFeatureOffset, kFeatureFactor);
  if (!model.encoding.empty()) {
    const Shape columns{static_cast<std::int64_t>(model.columns.size())};
    file.tensors.push_back({kFeatureFill, Tensor::from<double>(columns, model.encoding.fill)});
  }
  write_scaler(file, model.targets, kTargetOffset, kTargetFactor);
  for (const StateEntry& entry : model.network.schema()) {
    file.tensors.push_back({entry.name, read_entry(model.network.store(), entry)});
    if (!all_finite(file.tensors.back().tensor)) {
      throw Error(fmt::format("{}: {} \"{}\" holds a value that is not finite; nothing is written", where,
                              name_of(entry.role), entry.name));
    }
  }
  file.metadata[std::string(kMetadataKey)] = model_metadata(model);
  return file;
}

void save_model(const std::string& path, const Model& model) { write_safetensors(path, file_of(model, path)); }

void save_model(FileWriter& file, const Model& model, std::string_view where) {
  write_safetensors(file, file_of(model, where), where);
}

std::vector<std::byte> model_bytes(const Model& model) {
  return safetensors_bytes(file_of(model, "model_bytes"), "model_bytes");
}

bool is_model(const SafetensorsFile& file) { return file.metadata.contains(std::string(kMetadataKey)); }

Model model_from(const SafetensorsFile& file, std::string_view where) {
  if (!is_model(file)) {
    throw Error(
        fmt::format("{}: is not a Hillock model (its metadata has no \"{}\"); give a file that hillock train wrote",
                    where, kMetadataKey));
  }
  const ModelDescription description = parse_metadata(file.metadata.at(std::string(kMetadataKey)), where);
  require_counts(description, file, where);
  const std::vector<nn::Embedding> embeddings = Encoding{description.encodings, {}}.embeddings();
  Network network =
      make_network(description.spec, row_of(description), description.outputs, description.dtype, embeddings);
  require_types(network, file, where);
  load_parameters(network, file, where);
  const auto columns = static_cast<std::int64_t>(description.columns.size());
  Encoding encoding{description.encodings, {}};
  if (!encoding.empty()) encoding.fill = learnt_numbers(file, kFeatureFill, columns, where);
  return {.network = std::move(network),
          .spec = description.spec,
          .task = description.task,
          .target = description.target,
          .target_names = description.target_names,
          .columns = description.columns,
          .classes = description.classes,
          .sample_shape = description.sample_shape,
          .features = read_scaler(file, description.feature_scale, kFeatureOffset, kFeatureFactor, columns, where),
          .encoding = std::move(encoding),
          .missing_tokens = description.missing_tokens,
          .formats = description.formats,
          .rows_in_f64 = description.rows == DType::f64,
          .targets =
              read_scaler(file, description.target_scale, kTargetOffset, kTargetFactor,
                          static_cast<std::int64_t>(std::max<std::size_t>(1, description.target_names.size())), where),
          .loss = description.loss,
          .label_smoothing = description.label_smoothing,
          .loss_parameter = description.loss_parameter,
          .training = description.training};
}

Model load_model(const std::string& path) { return model_from(read_safetensors(path), path); }

Model parse_model(std::span<const std::byte> bytes, std::string_view where) {
  return model_from(parse_safetensors(bytes, where), where);
}

}  // namespace hillock
