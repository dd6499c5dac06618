// hillock show: what is in a model file.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "arguments/arguments.h"
#include "commands.h"
#include "hillock/columns.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/text.h"
#include "print/column_table.h"
#include "print/output.h"
#include "print/score_table.h"

namespace hillock::program {
namespace {

struct ShowArguments {
  std::string model;
  bool json = false;
};

constexpr const char* kExamples = "Examples:\n  hillock show digits.safetensors";

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 12;
  const std::size_t shown = std::min(kMost, names.size());
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + printable(names[i]);
  return names.size() > kMost ? fmt::format("{}, … ({} in all)", text, names.size()) : text;
}

// How wide the first column of a list is.
constexpr std::size_t kName = 20;

std::string describe_dates(const ColumnAccount& column) {
  std::string text = *column.encoding.date == DateForm::time_of_day ? "times of the day" : "dates";
  text += fmt::format(" ({}): the time", name_of(*column.encoding.date));
  for (const nn::Cycle cycle : column.encoding.cycles)
    text += fmt::format(", sine and cosine of the {}", nn::name_of(cycle));
  if (column.encoding.missing)
    text += fmt::format("; {} where it is missing", date_text(column.fill, *column.encoding.date));
  return text;
}

// The columns that do not go in as one number.
std::string describe_encoding(const Model& model) {
  std::string text;
  for (const ColumnAccount& column : columns_of(model)) {
    const ColumnEncoding& encoding = column.encoding;
    if (!encoding.is_categorical() && !encoding.missing && !encoding.date) continue;
    const std::string what = encoding.is_embedded()      ? fmt::format("categories {}, {} learnt numbers for each",
                                                                       joined(encoding.categories), encoding.embedding)
                             : encoding.is_categorical() ? fmt::format("categories {}", joined(encoding.categories))
                             : encoding.date             ? describe_dates(column)
                                             : fmt::format("a number, {:.6g} where it is missing", column.fill);
    text += fmt::format("\n  \"{}\"  {}{}", printable(column.name), what,
                        encoding.missing ? ", and whether it is missing" : "");
  }
  return text;
}

std::string listed(const std::string& name, const std::string& what) {
  return fmt::format("  {} {}\n", left_aligned(printable(name), kName), what);
}

std::string describe(const Model& model) {
  std::string text =
      fmt::format("network        {} inputs, {}: {} parameters, {}\n", model.network.options().input.elements(),
                  model.spec.to_string(), model.network.parameter_count(), name_of(model.network.options().dtype));
  text += fmt::format("task           {} of {}\n", name_of(model.task), targets_text(model));
  if (!model.classes.empty()) text += fmt::format("classes        {}\n", joined(model.classes));
  text += fmt::format("columns        {}\n", joined(model.columns));
  text += fmt::format("preprocessing  features: {}", name_of(model.features.kind));
  if (model.task == Task::regression) text += fmt::format(", target: {}", name_of(model.targets.kind));
  if (model.rows_in_f64) text += ", before they are rounded to f32";
  text += describe_encoding(model);
  text += fmt::format("\nloss           {}", model.loss_name());
  if (model.label_smoothing > 0) text += fmt::format(", label smoothing {:g}", model.label_smoothing);
  text += "\n\nparameters\n";
  for (const nn::ParameterSpec& parameter : model.network.layout().parameters) {
    text += listed(parameter.name, parameter.shape.to_string());
  }
  return text;
}

std::string cell(const Json& json) {
  if (json.is_string()) return printable(json.get<std::string>());
  if (json.is_number_float()) return fmt::format("{:.5g}", json.get<double>());
  return printable_json(json.dump());
}

// "accuracy 0.98, log_loss 0.07": the single numbers of one part's scores.
std::string scores_line(const Json& scores) {
  std::string text;
  for (const auto& [name, value] : scores.items()) {
    if (value.is_number()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", printable(name), cell(value));
  }
  return text;
}

// The record that training left, whatever is in it.
std::string describe_training(const std::string& record) {
  const Json json = Json::parse(record);
  if (json.empty()) return "";
  std::string text;
  if (json.contains("columns") && json["columns"].is_array())
    text += fmt::format("\ncolumns of the data\n{}", column_table(json["columns"]));
  text += "\ntraining\n";
  for (const auto& [name, value] : json.items()) {
    if (name == "baseline") continue;
    const bool scores = value.is_object() && value.contains("loss") && value["loss"].is_number();
    if (scores) text += listed(name, scores_line(value));
    if (scores || value.is_array()) continue;
    if (!value.is_object()) {
      text += listed(name, cell(value));
      continue;
    }
    std::string items;
    for (const auto& [key, item] : value.items())
      items += fmt::format("{}{} {}", items.empty() ? "" : ", ", printable(key), cell(item));
    text += listed(name, items);
  }
  return text;
}

int show(const ShowArguments& arguments) {
  const Model model = load_model(arguments.model);
  if (arguments.json) {
    print_json(model_metadata(model));
  } else {
    print_to(stdout, "{}{}", describe(model), describe_training(model.training));
  }
  return kDone;
}

}  // namespace

void add_show(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<ShowArguments>();
  Arguments options(app);
  options.positional("MODEL", arguments->model, "A model that hillock train wrote");
  options.examples(kExamples);
  options.flag("--json", arguments->json, "Print the file's metadata as one JSON object");
  options.when_called([arguments, &run] { run = [arguments](const std::string&) { return show(*arguments); }; });
}

}  // namespace hillock::program
