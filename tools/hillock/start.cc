// A job that goes on from a model, or from tensors alone.
#include "start.h"

#include <fmt/format.h>

#include "core/wording.h"
#include "hillock/error.h"

namespace hillock::program {

std::optional<Start> read_start(const TrainArguments& arguments) {
  if (!arguments.init) return std::nullopt;
  Start start{*arguments.init, read_safetensors(*arguments.init), {}};
  if (is_model(start.file)) start.model = model_from(start.file, start.path);
  return start;
}

void require_same_kinds(const Start& start, const Dataset& train) {
  const Model& model = *start.model;
  for (std::size_t i = 0; i < train.columns.size() && !model.encoding.empty(); ++i) {
    const bool was = model.encoding.columns[i].is_categorical();
    if (was == train.is_categorical(i)) continue;
    throw Error(fmt::format("train: column {} holds {} and the model of --init was trained on {}; pass --{} {}",
                            quote(train.columns[i]), was ? "numbers" : "categories", was ? "categories" : "numbers",
                            was ? "categorical" : "numeric", quote(train.columns[i])));
  }
}

void require_same_missing(const TrainArguments& arguments, const std::optional<Start>& start) {
  if (!start || !start->model || !start->model->missing_tokens || !arguments.reading.missing_tokens.empty()) return;
  std::string options;
  for (const std::string& token : *start->model->missing_tokens) options += fmt::format(" --na {}", quote(token));
  throw Error(fmt::format("train: the model of --init takes other cells as missing; pass{}", options));
}

void tell_what_is_new(const std::optional<Start>& start, const Dataset& train, std::vector<std::string>& notes) {
  if (!start || !start->model || start->model->columns != train.columns) return;
  const Model& model = *start->model;
  if (model.classes != train.classes && model.classes.size() == train.classes.size()) {
    notes.push_back(fmt::format("the model of --init has the classes {}; its outputs stand for {} now, in this order",
                                list_names(model.classes), list_names(train.classes)));
  }
  if (model.encoding.empty()) return;
  const Tensor rows = renumber_categories(train, model.encoding);
  for (std::size_t i = 0; i < train.columns.size(); ++i) {
    if (!train.is_categorical(i)) continue;
    const auto known = static_cast<double>(model.encoding.columns[i].categories.size());
    std::int64_t others = 0;
    for (std::int64_t row = 0; row < train.rows(); ++row) {
      if (rows.at(row * train.feature_count() + static_cast<std::int64_t>(i)) >= known) ++others;
    }
    if (others == 0) continue;
    notes.push_back(fmt::format("column {} has {} that the model of --init does not know; they count as other",
                                quote(train.columns[i]), counted(others, "category cell")));
  }
}

}  // namespace hillock::program
