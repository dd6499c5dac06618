// The JSON text of a model file. The reader trusts nothing: it checks depth, types, ranges and consistency before a
// network is built from the text.
#include "model/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;  // for writing
using Sorted = nlohmann::json;        // for reading: looks keys up quickly

constexpr int kMaxDepth = 16;                               // of nested objects; ours have 5
constexpr std::int64_t kMaxExtent = std::int64_t{1} << 31;  // inputs, outputs
constexpr std::size_t kMaxLayers = 1000;
constexpr std::int64_t kMaxWidth = 1 << 20;  // of an embedding

[[noreturn]] void refuse(std::string_view where, const std::string& what) { throw ModelFault(where, what); }

// An object in the text, with its path for messages.
class Object {
 public:
  Object(const Sorted& json, std::string_view where, std::string path)
      : json_(json), where_(where), path_(std::move(path)) {
    if (!json.is_object()) fail("is not an object");
  }

  Object object(const std::string& key) const { return Object(entry(key), where_, full(key)); }

  std::string text(const std::string& key) const {
    if (!entry(key).is_string()) refuse(where_, fmt::format("{} is not a text", quote(full(key))));
    return entry(key).get<std::string>();
  }

  bool truth(const std::string& key) const {
    if (!entry(key).is_boolean()) refuse(where_, fmt::format("{} is neither true nor false", quote(full(key))));
    return entry(key).get<bool>();
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> result;
    for (const auto& item : json_.items()) result.push_back(item.key());
    return result;
  }

  bool has(const std::string& key) const { return json_.contains(key); }

  std::int64_t integer(const std::string& key, std::int64_t min, std::int64_t max) const {
    const Sorted& value = entry(key);
    const bool fits =
        value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
    if (!fits || value.get<std::int64_t>() < min || value.get<std::int64_t>() > max) {
      const std::string range =
          max == INT64_MAX ? fmt::format("of at least {}", min) : fmt::format("from {} to {}", min, max);
      refuse(where_, fmt::format("{} is not a whole number {}", quote(full(key)), range));
    }
    return value.get<std::int64_t>();
  }

  double number(const std::string& key) const {
    const Sorted& value = entry(key);
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      refuse(where_, fmt::format("{} is not a finite number", quote(full(key))));
    }
    return value.get<double>();
  }

  std::vector<std::string> texts(const std::string& key) const {
    std::vector<std::string> result;
    for (const Sorted& item : array(key)) {
      if (!item.is_string()) refuse(where_, fmt::format("{} holds something that is not a text", quote(full(key))));
      result.push_back(item.get<std::string>());
    }
    return result;
  }

  Shape shape(const std::string& key) const {
    std::vector<std::int64_t> dims;
    for (const Sorted& item : array(key)) {
      if (!item.is_number_unsigned() || item.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxExtent)) {
        refuse(where_, fmt::format("{} holds something that is not an extent", quote(full(key))));
      }
      dims.push_back(item.get<std::int64_t>());
    }
    try {
      return Shape(dims);
    } catch (const Error& error) {
      refuse(where_, fmt::format("{}: {}", quote(full(key)), error.what()));
    }
  }

  // Parses an entry by one of the library's ..._from_name functions.
  template <class Parse>
  auto named(const std::string& key, Parse parse) const {
    const std::string given = text(key);
    try {
      return parse(given);
    } catch (const nn::UnknownLayer& error) {
      throw Error(
          fmt::format("{}: its network has a layer {}, which this program does not know; use a newer hillock, or "
                      "a program that registers the layer",
                      where_, quote(error.word())));
    } catch (const Error& error) {
      refuse(where_, fmt::format("{}: {}", quote(full(key)), error.what()));
    }
  }

  const Sorted& entry(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) refuse(where_, fmt::format("{} is missing", quote(full(key))));
    return *found;
  }

 private:
  std::string full(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  void fail(const char* what) const {
    refuse(where_, path_.empty() ? fmt::format("it {}", what) : fmt::format("{} {}", quote(path_), what));
  }
  const Sorted& array(const std::string& key) const {
    if (!entry(key).is_array()) refuse(where_, fmt::format("{} is not a list", quote(full(key))));
    return entry(key);
  }

  const Sorted& json_;
  std::string_view where_;
  std::string path_;
};

Sorted parse_json(std::string_view text, std::string_view where) {
  const auto limit_depth = [&](int depth, Sorted::parse_event_t, Sorted&) {
    if (depth > kMaxDepth) refuse(where, fmt::format("it is nested more than {} deep", kMaxDepth));
    return true;
  };
  try {
    return Sorted::parse(text, limit_depth);
  } catch (const Sorted::exception&) {
    refuse(where, "it is not JSON");
  }
}

void require_distinct(const std::vector<std::string>& names, const char* what, std::string_view where) {
  const std::set<std::string_view> distinct(names.begin(), names.end());
  if (distinct.size() != names.size()) refuse(where, fmt::format("two {} have one name", what));
}

// The targets of a regression; several targets have names.
void require_targets(const ModelDescription& model, std::string_view where) {
  const std::size_t named = model.target_names.size();
  if (named == 1) refuse(where, "\"targets\" names one target, which \"target\" does");
  if (model.task != Task::regression) {
    if (named > 0) refuse(where, "it has classes and several targets");
    return;
  }
  const auto targets = static_cast<std::int64_t>(std::max<std::size_t>(1, named));
  if (model.outputs != targets) {
    refuse(where, fmt::format("{} outputs for {}", model.outputs,
                              targets == 1 ? "one target" : fmt::format("{} targets", targets)));
  }
  require_distinct(model.target_names, "targets", where);
}

void require_consistent(const ModelDescription& model, std::string_view where) {
  std::size_t layers = 0;
  nn::visit_layers(std::span<const nn::LayerSpec>(model.spec.hidden), [&](const nn::LayerSpec&) { ++layers; });
  if (layers > kMaxLayers) refuse(where, fmt::format("it has more than {} layers", kMaxLayers));
  const std::int64_t inputs = Encoding{model.encodings, {}}.inputs(model.columns.size());
  if (inputs != model.inputs) {
    refuse(where, fmt::format("{} columns that make {} inputs for {}", model.columns.size(), inputs, model.inputs));
  }
  if (model.sample_shape.elements() != static_cast<std::int64_t>(model.columns.size())) {
    refuse(where, fmt::format("rows of {} for {} columns", model.sample_shape.to_string(), model.columns.size()));
  }
  const std::size_t expected =
      model.task == Task::regression ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(2, model.outputs));
  if (model.classes.size() != expected) {
    refuse(where, fmt::format("{} classes for {} outputs", model.classes.size(), model.outputs));
  }
  require_targets(model, where);
  if (model.task == Task::classification && model.target_scale != Scale::none) refuse(where, "classes are scaled");
  if (model.label_smoothing < 0 || model.label_smoothing >= 1) refuse(where, "label smoothing is not in [0, 1)");
  const auto required = nn::required_output(model.loss);
  if (required && *required != *model.spec.output) {
    refuse(where,
           fmt::format("the loss {} with the output {}", nn::name_of(model.loss), nn::name_of(*model.spec.output)));
  }
  require_distinct(model.columns, "columns", where);
  require_distinct(model.classes, "classes", where);
  require_distinct(model.statistics, "statistics", where);
}

// "form" and "cycles": how the dates of a column are written, and which cycles are inputs.
void read_dates(const Object& json, const std::string& name, ColumnEncoding& column, std::string_view where) {
  if (column.is_categorical()) refuse(where, fmt::format("column {} has categories and dates", quote(name)));
  const Object dates = json.object(name);
  column.date = dates.named("form", date_form_from_name);
  const std::vector<std::string> cycles = dates.texts("cycles");
  require_distinct(cycles, "cycles", where);
  for (const std::string& cycle : cycles) {
    try {
      column.cycles.push_back(nn::cycle_from_name(cycle));
    } catch (const Error& error) {
      refuse(where, fmt::format("column {}: {}", quote(name), error.what()));
    }
  }
}

// "categories": {column: [names]}, "missing": [columns with an input of their own for missing cells], and perhaps
// "embeddings": {column: width} and "dates": {column: {…}}.
std::vector<ColumnEncoding> read_encodings(const Object& json, const ModelDescription& model, std::string_view where) {
  std::vector<ColumnEncoding> encodings(model.columns.size());
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < model.columns.size(); ++i) positions.emplace(model.columns[i], i);
  const auto find = [&](const std::string& name) -> ColumnEncoding& {
    const auto found = positions.find(name);
    if (found == positions.end())
      refuse(where, fmt::format("\"preprocessing\" names a column {} of none", quote(name)));
    return encodings[found->second];
  };
  const Object categories = json.object("categories");
  for (const std::string& name : categories.keys()) {
    find(name).categories = categories.texts(name);
    if (find(name).categories.empty()) refuse(where, fmt::format("column {} has no categories", quote(name)));
    require_distinct(find(name).categories, "categories", where);
  }
  for (const std::string& name : json.texts("missing")) find(name).missing = true;
  if (json.has("dates")) {
    const Object dates = json.object("dates");
    for (const std::string& name : dates.keys()) read_dates(dates, name, find(name), where);
  }
  if (!json.has("embeddings")) return encodings;
  const Object embeddings = json.object("embeddings");
  for (const std::string& name : embeddings.keys()) {
    if (!find(name).is_categorical())
      refuse(where, fmt::format("column {} is embedded without categories", quote(name)));
    find(name).embedding = embeddings.integer(name, 1, kMaxWidth);
  }
  return encodings;
}

Json encoding_json(const Model& model) {
  Json::object_t categories, embeddings, dates;
  Json missing = Json::array();
  for (std::size_t i = 0; i < model.encoding.columns.size(); ++i) {
    const ColumnEncoding& column = model.encoding.columns[i];
    if (column.is_categorical()) categories.emplace_back(model.columns[i], column.categories);
    if (column.missing) missing.push_back(model.columns[i]);
    if (column.is_embedded()) embeddings.emplace_back(model.columns[i], column.embedding);
    if (!column.date) continue;
    Json cycles = Json::array();
    for (const nn::Cycle cycle : column.cycles) cycles.push_back(nn::name_of(cycle));
    dates.emplace_back(model.columns[i], Json{{"form", name_of(*column.date)}, {"cycles", cycles}});
  }
  Json json{{"categories", categories}, {"missing", missing}};
  if (!embeddings.empty()) json["embeddings"] = embeddings;
  if (!dates.empty()) json["dates"] = dates;
  return json;
}

// Only losses with a parameter store one. nn::named_loss checks its range.
double loss_parameter(const Object& loss, nn::LossKind kind, std::string_view where) {
  if (nn::default_parameter(kind) == 0) return 0;
  try {
    return nn::named_loss(nn::to_string({kind, loss.number("parameter")})).parameter;
  } catch (const Error& error) {
    refuse(where, fmt::format("\"loss.parameter\": {}", error.what()));
  }
}

Json loss_json(const Model& model) {
  Json json{{"name", nn::name_of(model.loss)}, {"label_smoothing", model.label_smoothing}};
  if (nn::default_parameter(model.loss) != 0) {
    json["parameter"] = model.loss_parameter == 0 ? nn::default_parameter(model.loss) : model.loss_parameter;
  }
  return json;
}

// "formats": {column: {"decimal", "thousands", "prefix", "suffix", "magnitudes", "missing", "texts_missing"}}, each but
// the first where it says something.
Json formats_json(const NumberFormats& formats) {
  Json json = Json::object();
  for (const auto& [name, format] : formats) {
    Json& entry = json[name];
    entry["decimal"] = std::string(1, format.decimal);
    if (!format.thousands.empty()) entry["thousands"] = format.thousands;
    if (!format.prefix.empty()) entry["prefix"] = format.prefix;
    if (!format.suffix.empty()) entry["suffix"] = format.suffix;
    if (format.magnitudes) entry["magnitudes"] = true;
    if (!format.missing.empty()) entry["missing"] = format.missing;
    if (format.texts_missing) entry["texts_missing"] = true;
  }
  return json;
}

NumberFormats read_formats(const Object& json, const ModelDescription& model, std::string_view where) {
  NumberFormats formats;
  const auto is_column = [&](const std::string& name) {
    return name == model.target || std::ranges::find(model.columns, name) != model.columns.end() ||
           std::ranges::find(model.target_names, name) != model.target_names.end();
  };
  for (const std::string& name : json.keys()) {
    if (!is_column(name)) refuse(where, fmt::format("\"formats\" names a column {} of none", quote(name)));
    const Object entry = json.object(name);
    NumberFormat& format = formats[name];
    const std::string decimal = entry.text("decimal");
    if (decimal != "." && decimal != ",") refuse(where, fmt::format("the decimal mark of column {}", quote(name)));
    format.decimal = decimal[0];
    if (entry.has("thousands")) format.thousands = entry.text("thousands");
    const std::string& mark = format.thousands;
    if (mark == decimal || (!mark.empty() && mark != "," && mark != "." && mark != " "))
      refuse(where, fmt::format("the thousands mark of column {}", quote(name)));
    if (entry.has("prefix")) format.prefix = entry.text("prefix");
    if (entry.has("suffix")) format.suffix = entry.text("suffix");
    if (entry.has("magnitudes")) format.magnitudes = entry.truth("magnitudes");
    if (entry.has("missing")) format.missing = entry.texts("missing");
    if (entry.has("texts_missing")) format.texts_missing = entry.truth("texts_missing");
  }
  return formats;
}

Json training_json(const Model& model) {
  Json json = Json::parse(model.training, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) return json;
  throw Error(
      fmt::format("model: its training record {} is no JSON object; write one, {{}} if there is nothing to tell",
                  quote(model.training)));
}

// The lowest format that can express the model.
int format_of(const Model& model) {
  if (!model.formats.empty()) return 6;
  const auto is_date = [](const ColumnEncoding& column) { return column.date.has_value(); };
  if (std::ranges::any_of(model.encoding.columns, is_date)) return 6;
  if (!model.target_names.empty()) return 5;
  if (!model.network.layout().statistics.empty()) return 4;
  if (model.rows_in_f64) return 3;
  return model.encoding.empty() ? 1 : 2;
}

Json shape_json(const Shape& shape) { return std::vector<std::int64_t>(shape.dims().begin(), shape.dims().end()); }

void require_layout(const Object& layout, std::string_view where) {
  if (const std::string weight = layout.text("weight"); weight != "in,out") {
    throw Error(fmt::format("{}: keeps its weights as {}, this program reads \"in,out\"; use a newer hillock", where,
                            quote(weight)));
  }
}

// Reads entries that may be absent.
void read_optional(const Object& preprocessing, ModelDescription& model, std::string_view where) {
  if (preprocessing.has("encoding")) model.encodings = read_encodings(preprocessing.object("encoding"), model, where);
  if (preprocessing.has("missing_tokens")) model.missing_tokens = preprocessing.texts("missing_tokens");
  if (preprocessing.has("formats")) model.formats = read_formats(preprocessing.object("formats"), model, where);
  if (preprocessing.has("rows")) {
    model.rows = preprocessing.named("rows", dtype_from_name);
    if (!is_float(*model.rows)) refuse(where, fmt::format("\"preprocessing.rows\" is {}", name_of(*model.rows)));
  }
}

}  // namespace

ModelFault::ModelFault(std::string_view where, std::string what)
    : Error(fmt::format("{}: its metadata is damaged: {}; give a file that hillock train wrote", where, what)),
      fact(std::move(what)) {}

ModelDescription parse_metadata(std::string_view text, std::string_view where) {
  const Sorted json = parse_json(text, where);
  const Object top(json, where, "");
  if (const std::int64_t format = top.integer("format", 1, INT64_MAX); format > kModelFormat) {
    throw Error(fmt::format("{}: is a model of format {}, this program reads formats up to {}; use a newer hillock",
                            where, format, kModelFormat));
  }
  const Object network = top.object("network"), layout = top.object("layout");
  const Object preprocessing = top.object("preprocessing"), loss = top.object("loss");
  ModelDescription model{
      .spec = network.named("spec", NetworkSpec::parse),
      .inputs = network.integer("inputs", 1, kMaxExtent),
      .outputs = network.integer("outputs", 1, kMaxExtent),
      .dtype = top.named("dtype", dtype_from_name),
      .task = top.named("task", task_from_name),
      .target = top.text("target"),
      .target_names = top.has("targets") ? top.texts("targets") : std::vector<std::string>(),
      .columns = top.texts("columns"),
      .classes = top.texts("classes"),
      .sample_shape = layout.shape("sample_shape"),
      .encodings = {},
      .missing_tokens = {},
      .formats = {},
      .rows = {},
      .statistics = top.has("statistics") ? top.texts("statistics") : std::vector<std::string>(),
      .feature_scale = preprocessing.named("features", scale_from_name),
      .target_scale = preprocessing.named("target", scale_from_name),
      .loss = loss.named("name", nn::loss_from_name),
      .label_smoothing = loss.number("label_smoothing"),
      .loss_parameter = 0,
      .training = {},
  };
  model.loss_parameter = loss_parameter(loss, model.loss, where);
  if (!is_float(model.dtype)) refuse(where, fmt::format("\"dtype\" is {}", name_of(model.dtype)));
  require_layout(layout, where);
  model.spec.output = network.named("output", nn::activation_from_name);
  (void)top.object("training");
  model.training = top.entry("training").dump();
  read_optional(preprocessing, model, where);
  require_consistent(model, where);
  return model;
}

std::string model_metadata(const Model& model) {
  if (!model.encoding.empty() && model.encoding.columns.size() != model.columns.size()) {
    throw Error(fmt::format("model: {} columns have {} encodings; give one for each, or none", model.columns.size(),
                            model.encoding.columns.size()));
  }
  const std::string_view output = nn::name_of(model.network.options().output);
  NetworkSpec spec = model.spec;
  spec.output = model.network.options().output;
  Json json{
      {"format", format_of(model)},
      {"network",
       {{"spec", spec.to_string()},
        {"inputs", model.network.options().input.elements()},
        {"outputs", model.network.outputs()},
        {"output", output}}},
      {"dtype", name_of(model.network.options().dtype)},
      {"layout", {{"sample_shape", shape_json(model.sample_shape)}, {"weight", "in,out"}}},
      {"preprocessing", {{"features", name_of(model.features.kind)}, {"target", name_of(model.targets.kind)}}},
      {"columns", model.columns},
      {"target", model.target},
      {"classes", model.classes},
      {"task", name_of(model.task)},
      {"loss", loss_json(model)},
      {"training", training_json(model)},
  };
  if (!model.encoding.empty()) json["preprocessing"]["encoding"] = encoding_json(model);
  if (model.missing_tokens) json["preprocessing"]["missing_tokens"] = *model.missing_tokens;
  if (!model.formats.empty()) json["preprocessing"]["formats"] = formats_json(model.formats);
  if (model.rows_in_f64) json["preprocessing"]["rows"] = name_of(DType::f64);
  if (!model.target_names.empty()) json["targets"] = model.target_names;
  for (const nn::StatisticSpec& statistic : model.network.layout().statistics)
    json["statistics"].push_back(statistic.name);
  try {
    return json.dump();
  } catch (const Json::exception&) {
    throw Error("model: a column's or class's name is not UTF-8 text; save the data as UTF-8");
  }
}

}  // namespace hillock
