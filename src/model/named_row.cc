// Makes a row from column names and cells, as reading a file does for each of its lines.
#include "model/named_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/category_match.h"
#include "data/dates.h"
#include "hillock/decision.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::size_t column_of(const Model& model, std::string_view name) {
  const auto found = std::ranges::find(model.columns, name);
  if (found != model.columns.end()) return static_cast<std::size_t>(found - model.columns.begin());
  const std::optional<std::string> nearest = nearest_name(name, model.columns);
  throw Error(fmt::format("predict: there is no column {}; {}", quote(name),
                          nearest ? fmt::format("did you mean {}?", quote(*nearest))
                                  : fmt::format("the model has {}", list_names(model.columns))));
}

// Throws Error unless the number is in the range of the numbers in a file's rows.
double in_range(const Model& model, std::size_t column, double number, DType rows) {
  if (std::isfinite(rows == DType::f32 ? static_cast<float>(number) : number)) return number;
  throw Error(fmt::format("predict: column {} was given {}, which is not finite in {}; give a number in its range",
                          quote(model.columns[column]), number, name_of(rows)));
}

// The seconds of a date, or a number of them; numbers are otherwise what they are in files of the model's.
double time_of(const Model& model, std::size_t column, std::optional<double> number, const std::string& text) {
  const DateForm form = *model.encoding.columns[column].date;
  const bool counts = number && form != DateForm::digits && form != DateForm::milliseconds;
  if (const std::optional<double> seconds = parse_date(text, counts ? DateForm::seconds : form)) return *seconds;
  throw Error(fmt::format("predict: column {} holds {} and was given {}, which is none; give one as {}",
                          quote(model.columns[column]), form == DateForm::time_of_day ? "times of the day" : "dates",
                          quote(text), form == DateForm::time_of_day ? "07:30" : "2024-03-01"));
}

double number_of(const Model& model, const CellRules& rules, DType rows, std::size_t column, const Cell& cell) {
  const std::optional<double> number = cell.number();
  const std::string text = number ? fmt::format("{}", *number) : std::string(cell.text());
  if (number && std::isnan(*number)) return kMissing;
  if (!model.encoding.empty() && model.encoding.columns[column].is_categorical()) {
    const std::vector<std::string>& categories = model.encoding.columns[column].categories;
    const std::size_t category = find_category(categories, text);
    const bool missing = category == categories.size() && parse_cell(text, rules).kind == CellKind::missing;
    return missing ? kMissing : static_cast<double>(category);
  }
  const auto format = model.formats.find(model.columns[column]);
  const CellValue value =
      number || format == model.formats.end() ? parse_cell(text, rules) : parse_cell(text, rules, format->second);
  if (value.kind == CellKind::missing || (!number && means_missing(text))) return kMissing;
  if (!model.encoding.empty() && model.encoding.columns[column].date)
    return in_range(model, column, time_of(model, column, number, text), rows);
  if (number) return in_range(model, column, *number, rows);
  if (value.dressed && value.kind == CellKind::number) return in_range(model, column, value.number, rows);
  throw Error(fmt::format("predict: column {} holds numbers and was given the text {}; give a number, or leave it out",
                          quote(model.columns[column]), quote(cell.text())));
}

}  // namespace

std::optional<double> Cell::number() const {
  const double* number = std::get_if<double>(&value_);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::string_view Cell::text() const {
  const std::string_view* text = std::get_if<std::string_view>(&value_);
  return text == nullptr ? std::string_view() : *text;
}

std::vector<double> row_of(const Model& model, const CellRules& rules, DType rows, std::span<const NamedCell> cells) {
  std::vector<double> row(model.columns.size(), kMissing);
  std::vector<bool> given(model.columns.size());
  for (const NamedCell& cell : cells) {
    const std::size_t column = column_of(model, cell.first);
    if (given[column]) throw Error(fmt::format("predict: column {} is given twice; give it once", quote(cell.first)));
    given[column] = true;
    row[column] = number_of(model, rules, rows, column, cell.second);
  }
  return row;
}

Prediction prediction_of(const Model& model, const std::vector<double>& outputs) {
  Prediction prediction;
  if (model.task == Task::regression) {
    prediction.value = outputs[0];
    prediction.values = outputs;
    return prediction;
  }
  const bool margins = model.loss_function().margins();
  const std::size_t winner = predicted_class<double>(outputs, margins);
  class_scores<double>(outputs, margins, prediction.probabilities);
  prediction.value = prediction.probabilities[winner];
  prediction.label = model.classes[winner];
  return prediction;
}

}  // namespace hillock
