// Starts a job from a model, or from tensors alone.
#include "table/start.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hillock/error.h"
#include "hillock/text.h"
#include "table/job.h"

namespace hillock {
namespace {

// The names c1, c2, …, which a file without a header and a .npy array get.
bool are_numbers(const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return name.size() > 1 && name[0] == 'c' && name.find_first_not_of("0123456789", 1) == std::string::npos;
  });
}

std::vector<std::string> names_without(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::vector<std::string> others;
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) others.push_back(name);
  }
  return others;
}

std::string columns(const std::vector<std::string>& names) {
  return fmt::format("{} {}", names.size() == 1 ? "column" : "columns", list_names(names));
}

[[noreturn]] void refuse_columns(const std::vector<std::string>& lacking, const std::vector<std::string>& further) {
  if (lacking.empty()) {
    const Remedy drop{"--drop", further};
    throw Error(fmt::format("train: the data have {}, which the model of --init was not trained on; pass {}",
                            columns(further), drop.text()),
                {drop});
  }
  if (further.empty()) {
    throw Error(
        fmt::format("train: the model of --init was trained on {}, which the data lack; add what is missing, or "
                    "leave out --init",
                    columns(lacking)),
        {{"--init"}});
  }
  throw Error(
      fmt::format("train: the model of --init was trained on {}, and the data have {} instead; give the columns the "
                  "names they had then",
                  columns(lacking), list_names(further)));
}

// The position in the data of each of the model's columns. Both have the same columns.
std::vector<std::size_t> places(const std::vector<std::string>& wanted, const std::vector<std::string>& names) {
  std::vector<std::size_t> result;
  for (const std::string& name : wanted) {
    result.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
  }
  return result;
}

// The outputs of the model that training starts from must stand for the same targets in the same order.
void require_same_order(const Model& model, const Dataset& train) {
  const std::vector<std::string>&ours = model.target_names, &theirs = train.target_names;
  if (ours == theirs || !std::ranges::is_permutation(ours, theirs)) return;
  throw Error(fmt::format("train: the model of --init has the targets in the order {}; give --target {}",
                          list_names(ours), quote(fmt::format("{}", fmt::join(ours, ",")))));
}

}  // namespace

std::optional<Start> read_start(const TableOptions& arguments) {
  if (arguments.init_model) {
    const std::string name(kModelInMemory);
    return Start{name, file_of(*arguments.init_model, "train: the model of --init"), arguments.init_model};
  }
  if (!arguments.init) return std::nullopt;
  Start start{*arguments.init, read_safetensors(*arguments.init), {}};
  if (is_model(start.file)) start.model = std::make_shared<const Model>(model_from(start.file, start.path));
  return start;
}

void match_columns(const std::optional<Start>& start, LoadedSplits& loaded) {
  if (!start || !start->model) return;
  const std::vector<std::string>& wanted = start->model->columns;
  TableSplits& splits = loaded.splits;
  const std::vector<std::string> names = splits.train.columns;
  if (names == wanted) return;
  const std::vector<std::string> lacking = names_without(wanted, names), further = names_without(names, wanted);
  if (lacking.empty() && further.empty()) {
    const std::vector<std::size_t> order = places(wanted, names);
    splits.train = take_columns(splits.train, order);
    if (splits.validation) splits.validation = take_columns(*splits.validation, order);
    if (splits.test) splits.test = take_columns(*splits.test, order);
    loaded.notes.push_back("the columns are taken in the order in which the model of --init has them");
    return;
  }
  if (names.size() != wanted.size() || !(are_numbers(names) || are_numbers(wanted))) refuse_columns(lacking, further);
  loaded.notes.push_back(
      fmt::format("the model of --init calls its columns {} and the data {}; they are matched by position",
                  list_names(wanted), list_names(names)));
}

void require_same_kinds(const Start& start, const Dataset& train) {
  const Model& model = *start.model;
  for (std::size_t i = 0; i < train.columns.size() && !model.encoding.empty(); ++i) {
    if (const bool dates = model.encoding.columns[i].date.has_value(); dates != train.is_date(i)) {
      throw Error(fmt::format("train: column {} holds {} and the model of --init was trained on {}; write it alike",
                              quote(train.columns[i]), dates ? "no dates" : "dates", dates ? "dates" : "others"));
    }
    const bool was = model.encoding.columns[i].is_categorical();
    if (was == train.is_categorical(i)) continue;
    const Remedy kind{was ? "--categorical" : "--numeric", {train.columns[i]}};
    throw Error(fmt::format("train: column {} holds {} and the model of --init was trained on {}; pass {}",
                            quote(train.columns[i]), was ? "numbers" : "categories", was ? "categories" : "numbers",
                            kind.text()),
                {kind});
  }
}

void require_same_missing(const TableOptions& arguments, const std::optional<Start>& start) {
  if (!start || !start->model || !start->model->missing_tokens || arguments.na || !arguments.na_add.empty()) return;
  const Remedy missing{"--na", *start->model->missing_tokens};
  throw Error(fmt::format("train: the model of --init takes other cells as missing; pass {}", missing.text()),
              {missing});
}

void tell_what_is_new(const std::optional<Start>& start, const Dataset& train, std::vector<std::string>& notes) {
  if (!start || !start->model) return;
  const Model& model = *start->model;
  require_same_order(model, train);
  const bool several = train.target_names.size() > 1 && train.target_names.size() == model.target_names.size();
  if (several && train.target_names != model.target_names) {
    notes.push_back(fmt::format("the model of --init has the targets {}; its outputs stand for {} now, in this order",
                                list_names(model.target_names), list_names(train.target_names)));
  }
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

}  // namespace hillock
