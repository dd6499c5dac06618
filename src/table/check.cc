// Checks options and rows before any work is done with them.
#include "table/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <utility>

#include "data/float_precision.h"
#include "hillock/error.h"
#include "hillock/network.h"
#include "hillock/text.h"

namespace hillock {
namespace {

void require(bool holds, std::string_view field, double value, std::string_view range) {
  if (!holds) throw Error(fmt::format("train_table: {} is {}; give {}", field, value, range));
}

void require_at_least(std::string_view field, std::optional<std::int64_t> value, std::int64_t least) {
  if (!value || *value >= least) return;
  throw Error(fmt::format("train_table: {} is {}; give a whole number of at least {}", field, *value, least));
}

void check_numbers(const TableOptions& options) {
  const auto below_1 = [](double value) { return value >= 0 && value < 1; };
  const auto from_0 = [](double value) { return value >= 0 && std::isfinite(value); };
  if (options.lr) require(*options.lr > 0 && std::isfinite(*options.lr), "lr", *options.lr, "a number above 0");
  const double smoothing = options.label_smoothing.value_or(0), momentum = options.momentum.value_or(0);
  require(below_1(smoothing), "label_smoothing", smoothing, "a number from 0 to below 1");
  require(below_1(momentum), "momentum", momentum, "a number from 0 to below 1");
  require(from_0(options.weight_decay), "weight_decay", options.weight_decay, "a number of at least 0");
  require(from_0(options.clip_norm), "clip_norm", options.clip_norm, "a number above 0, or 0 for none");
  require(options.warmup >= 0 && options.warmup <= 1, "warmup", options.warmup, "a number from 0 to 1");
  const double target_loss = options.target_loss.value_or(0);
  require(from_0(target_loss), "target_loss", target_loss, "a number of at least 0");
  require_at_least("epochs", options.epochs, 1);
  require_at_least("batch", options.batch, 0);
  require_at_least("patience", options.patience, 0);
  require_at_least("embed_above", options.embed_above, 0);
  require_at_least("restarts", options.restarts, 0);
  require_at_least("threads", options.threads, 0);
  if (options.folds != 0) require_at_least("folds", options.folds, 2);
}

void check_restarts(const TableOptions& options) {
  if (options.restarts == 0) return;
  if (!options.target_loss) {
    throw Error(
        "train: --restarts begins again while --target-loss is not reached; give --target-loss, for example 0.01",
        {{"--target-loss", {"0.01"}}});
  }
  if (options.init || options.init_model)
    throw Error("train: --init gives the first weights, so --restarts has no others to try; leave one out",
                {{"--init"}, {"--restarts"}});
}

[[noreturn]] void refuse(std::string_view where, const std::string& fact) {
  throw Error(fmt::format("{}: {}; see Dataset in hillock/data.h", where, fact));
}

void check_target_names(const Dataset& data, std::string_view where) {
  const std::vector<std::string>& names = data.target_names;
  if (names.empty()) return;
  if (names.size() == 1) refuse(where, "target_names names one target, which is what target does");
  if (data.task == Task::classification)
    refuse(where, fmt::format("{} targets are named; a classification has one", names.size()));
  const std::set<std::string> distinct(names.begin(), names.end());
  if (distinct.size() < names.size()) refuse(where, fmt::format("two targets have one name ({})", list_names(names)));
}

void check_shapes(const Dataset& data, std::string_view where) {
  if (data.features.raw() == nullptr || data.features.shape().rank() != 2 || !is_float(data.features.dtype()))
    refuse(where, "the features are not f32 or f64 [rows, columns]");
  const std::int64_t rows = data.rows(), width = data.feature_count();
  if (rows == 0 || width == 0) refuse(where, "there are no rows or no columns");
  if (std::ssize(data.columns) != width)
    refuse(where, fmt::format("{} names stand for {}", data.columns.size(), counted(width, "column")));
  if (!data.categories.empty() && data.categories.size() != data.columns.size())
    refuse(where, fmt::format("categories are told of {} of {} columns", data.categories.size(), width));
  if (!data.dates.empty() && data.dates.size() != data.columns.size())
    refuse(where, fmt::format("forms of dates are told of {} of {} columns", data.dates.size(), width));
  if (data.sample_shape.elements() != width)
    refuse(where, "sample_shape has not as many elements as there are columns");
  const Shape numbers{rows, std::ssize(data.all_targets())};
  const bool targets = data.task == Task::classification
                           ? data.targets.dtype() == DType::i32 && data.targets.shape() == Shape{rows}
                           : data.targets.dtype() == data.features.dtype() && data.targets.shape() == numbers;
  if (!data.has_targets() || !targets) {
    refuse(where, fmt::format("the targets are not i32 [rows] for classes, or the features' type [rows, {}] for {}",
                              numbers[1], numbers[1] == 1 ? "numbers" : "as many named numbers"));
  }
  check_target_names(data, where);
  const bool weights = data.weights.dtype() == data.features.dtype() && data.weights.shape() == Shape{rows};
  if (data.has_weights() && !weights) refuse(where, "the weights are not the features' type [rows]");
  if ((!data.groups.empty() && std::ssize(data.groups) != rows) ||
      (!data.times.empty() && std::ssize(data.times) != rows))
    refuse(where, "there is not one group or time for each row");
}

// Cells must be finite or missing. A categorical cell holds a category number, or the number of categories for an
// unknown category.
void check_cells(const Dataset& data, std::string_view where) {
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    for (std::int64_t i = 0; i < data.feature_count(); ++i) {
      const double value = data.features.at(row * data.feature_count() + i);
      if (std::isnan(value)) continue;
      const auto column = static_cast<std::size_t>(i);
      const bool fits =
          data.is_categorical(column)
              ? value >= 0 && value <= static_cast<double>(data.categories[column].size()) && value == std::floor(value)
              : std::isfinite(value);
      if (!fits) {
        refuse(where, fmt::format("column {} has {} in row {}, which is no {}", quote(data.columns[column]), value,
                                  row + 1, data.is_categorical(column) ? "category" : "number"));
      }
    }
  }
}

void check_targets(const Dataset& data, std::string_view where) {
  const bool classes = data.task == Task::classification;
  if (classes && data.classes.size() < 2) {
    refuse(where, fmt::format("there {} among the classes; a classification needs two at least",
                              data.classes.empty() ? "is none" : "is one"));
  }
  const std::int64_t count = classes ? 1 : data.targets.shape()[1];  // per row
  for (std::int64_t i = 0; i < data.targets.elements(); ++i) {
    const double value = data.targets.at(i);
    if (classes ? value >= 0 && value < static_cast<double>(data.classes.size()) : std::isfinite(value)) continue;
    refuse(
        where,
        fmt::format("the target{} of row {} is {}, which is no {}",
                    count > 1 ? fmt::format(" {}", quote(data.target_names[static_cast<std::size_t>(i % count)])) : "",
                    i / count + 1, value, classes ? "class" : "number"));
  }
  for (const double time : data.times) {
    if (!std::isfinite(time)) refuse(where, "a time is not finite");
  }
}

void name_targets(Dataset& data) {
  const Shape& shape = data.targets.shape();
  const std::int64_t count = data.task == Task::regression && shape.rank() == 2 ? shape[1] : 1;
  const bool nameless = count > 1 && data.target_names.empty();
  for (std::int64_t k = 1; nameless && k <= count; ++k) data.target_names.push_back(fmt::format("target{}", k));
  if (data.target.empty())
    data.target = data.target_names.empty() ? "target" : fmt::format("{}", fmt::join(data.target_names, ","));
}

void name(Dataset& data) {
  if (data.features.raw() == nullptr || data.features.shape().rank() != 2) return;
  const std::int64_t width = data.feature_count();
  if (data.name.empty()) data.name = "table";
  name_targets(data);
  if (data.sample_shape.rank() == 0) data.sample_shape = Shape{width};
  if (!data.columns.empty()) return;
  for (std::int64_t i = 1; i <= width; ++i) data.columns.push_back(fmt::format("c{}", i));
}

// Names the classes 0, 1, … up to the largest in any split.
void name_classes(TableSplits& data) {
  if (data.train.task != Task::classification || !data.train.classes.empty()) return;
  double last = -1;
  const auto look = [&](const Dataset& split) {
    if (!split.has_targets()) return;
    for (std::int64_t row = 0; row < split.targets.shape().elements(); ++row)
      last = std::fmax(last, split.targets.at(row));
  };
  look(data.train);
  constexpr double kMost = 1 << 20;
  for (double k = 0; k <= std::fmin(last, kMost); ++k) data.train.classes.push_back(fmt::format("{}", k));
}

// Converts the data to the type that load_data would have read.
void settle(Dataset& data, DType dtype, std::vector<std::string>& notes) {
  if (dtype == DType::f32) {
    settle_dtype(data, {.dtype = dtype, .widen = true}, data.name, notes);
    return;
  }
  for (Tensor* tensor : {&data.features, &data.targets, &data.weights}) {
    if (tensor->raw() != nullptr && tensor->dtype() == DType::f32) *tensor = converted(std::move(*tensor), dtype);
  }
}

// Converts and checks again: numbers outside the range of f32 become infinite by the conversion.
void settle_checked(Dataset& data, DType dtype, std::vector<std::string>& notes, std::string_view where) {
  const DType given = data.features.dtype();
  settle(data, dtype, notes);
  if (data.features.dtype() == given) return;
  check_cells(data, where);
  check_targets(data, where);
}

void require_same_kind(const Dataset& split, const Dataset& train, std::string_view where) {
  if (split.columns != train.columns || split.task != train.task || split.classes != train.classes)
    refuse(where, "they have other columns, classes or another task than the training rows");
  if (split.target_names == train.target_names) return;
  refuse(where, fmt::format("they have the targets {} and the training rows {}", list_names(split.all_targets()),
                            list_names(train.all_targets())));
}

}  // namespace

void check_options(const TableOptions& options) {
  check_numbers(options);
  if (!is_float(options.dtype)) throw Error("train_table: dtype is neither f32 nor f64; give one of them");
  if (options.auto_lr && options.lr) throw Error("train_table: auto_lr finds the rate that lr gives; leave one out");
  if (options.init && options.init_model) throw Error("train_table: init and init_model are both given; leave one out");
  check_restarts(options);
  if (options.net) (void)NetworkSpec::parse(*options.net);
}

void require_no_reading(const TableOptions& options) {
  const TableOptions none;
  const auto refuse_if = [](bool given, const char* field) {
    if (given)
      throw Error(fmt::format("train_table: the rows are read already, so {} says nothing; leave it out", field));
  };
  refuse_if(!options.target.empty(), "target");
  refuse_if(options.task.has_value(), "task");
  refuse_if(options.header || options.delimiter || options.decimal != none.decimal, "header, delimiter or decimal");
  refuse_if(options.quote || options.backslash_escapes, "quote or backslash_escapes");
  refuse_if(options.skip != 0 || options.skip_end, "skip or skip_end");
  refuse_if(!options.table.empty() || !options.query.empty(), "table or query");
  refuse_if(!options.comment.empty() || !options.encoding.empty(), "comment or encoding");
  refuse_if(!options.drop.empty() || !options.numeric.empty() || !options.categorical.empty(),
            "drop, numeric or categorical");
  refuse_if(!options.thousands.empty() || !options.coerce.empty(), "thousands or coerce");
  refuse_if(options.missing != none.missing, "missing");
  refuse_if(!options.weights.empty() || !options.group.empty() || !options.time.empty(), "weights, group or time");
}

void require_consistent(const Dataset& data, std::string_view where) {
  check_shapes(data, where);
  check_cells(data, where);
  check_targets(data, where);
}

void complete(TableSplits& data, DType dtype, std::vector<std::string>& notes) {
  name(data.train);
  name_classes(data);
  require_consistent(data.train, "train_table: the training rows");
  settle_checked(data.train, dtype, notes, "train_table: the training rows");
  const auto complete_split = [&](std::optional<Dataset>& split, std::string_view where) {
    if (!split) return;
    if (split->classes.empty()) split->classes = data.train.classes;
    name(*split);
    require_consistent(*split, where);
    require_same_kind(*split, data.train, where);
    settle_checked(*split, data.train.features.dtype(), notes, where);
  };
  complete_split(data.validation, "train_table: the validation rows");
  complete_split(data.test, "train_table: the test rows");
}

}  // namespace hillock
