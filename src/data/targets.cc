// Decides between classification and regression, and numbers the classes.
#include "data/targets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "data/cells.h"
#include "data/float_precision.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// The number of cells with some property, and the first row that has one.
struct Found {
  std::size_t count = 0;
  std::size_t first = 0;
  void add(std::size_t row) {
    if (count++ == 0) first = row;
  }
};

class TargetReader {
 public:
  // `several`: whether this is one of several targets.
  TargetReader(const TargetCells& cells, const ReadOptions& options, std::string_view where, bool several = false)
      : cells_(cells), options_(options), where_(where), several_(several) {
    parse();
  }

  Task decide_task(std::vector<std::string>& notes) const;
  std::vector<std::string> find_classes() const;
  std::vector<std::int32_t> number_labels(const std::vector<std::string>& classes,
                                          std::vector<std::string>& notes) const;
  // Throws Error: this target holds classes, but is one of several targets, which must be numbers.
  [[noreturn]] void refuse_classes() const;
  // Throws Error unless the numbers are finite in `dtype`.
  void require_range(DType dtype) const;
  const std::vector<double>& numbers() const { return numbers_; }

 private:
  void parse();
  CellValue read_cell(std::size_t row) const;
  void refuse_if_any(const Found& found, std::string_view noun, std::string_view advice,
                     std::vector<Remedy> remedies = {}) const;
  void refuse_mixture(const Found& texts) const;
  // `what` describes the one value that the target has.
  [[noreturn]] void refuse_constant(std::string_view what) const;
  std::size_t row_count() const { return numbers_.size(); }
  bool for_a_model() const { return !options_.expected_columns.empty() || !options_.expected_classes.empty(); }
  // "target column "y"".
  std::string column() const { return "target column " + quote(cells_.name); }
  // "line 7" in a table, "row 7" in an array.
  std::string place(std::size_t row) const {
    return cells_.lines.empty() ? fmt::format("row {}", row + 1) : fmt::format("line {}", cells_.lines[row]);
  }
  std::string text(std::size_t row) const {
    return cells_.texts.empty() ? fmt::format("{}", numbers_[row]) : std::string(cells_.texts[row]);
  }

  const TargetCells& cells_;
  const ReadOptions& options_;
  std::string_view where_;
  std::vector<double> numbers_;
  bool is_text_ = false, several_;
  std::size_t first_text_ = 0;  // the first row with text
};

CellValue TargetReader::read_cell(std::size_t row) const {
  if (!cells_.texts.empty()) return parse_cell(cells_.texts[row], cells_.rules);
  const double number = cells_.numbers[row];
  if (std::isfinite(number)) return {CellKind::number, number};
  return {std::isnan(number) ? CellKind::missing : CellKind::infinite, number};
}

void TargetReader::refuse_if_any(const Found& found, std::string_view noun, std::string_view advice,
                                 std::vector<Remedy> remedies) const {
  if (found.count == 0) return;
  throw Error(fmt::format("{}: {} has {} (first: {}, {}); {}", where_, column(),
                          counted(static_cast<std::int64_t>(found.count), noun), place(found.first),
                          quote(text(found.first)), advice),
              std::move(remedies));
}

void TargetReader::parse() {
  Found texts, missing, infinite;
  Found dashes;  // a label if there are other texts, a missing cell if there are only numbers
  numbers_.resize(cells_.texts.empty() ? cells_.numbers.size() : cells_.texts.size());
  for (std::size_t row = 0; row < row_count(); ++row) {
    const CellValue value = read_cell(row);
    numbers_[row] = value.number;
    if (value.kind == CellKind::text) texts.add(row);
    if (value.kind == CellKind::infinite) infinite.add(row);
    if (value.kind == CellKind::missing) (text(row) == "-" ? dashes : missing).add(row);
  }
  const std::vector<std::string>& classes = options_.expected_classes;
  is_text_ = texts.count > 0 || std::any_of(classes.begin(), classes.end(), [this](const std::string& name) {
               return parse_cell(name, cells_.rules).kind != CellKind::number;
             });
  if (!is_text_ && dashes.count > 0) {
    missing = {missing.count + dashes.count, missing.count > 0 ? std::min(missing.first, dashes.first) : dashes.first};
  }
  first_text_ = texts.first;
  refuse_if_any(missing, "missing cell", "fill them in or remove these rows");
  if (texts.count > 0) refuse_mixture(texts);
  if (!is_text_) refuse_if_any(infinite, "infinite cell", "correct them or remove these rows");
}

// A few texts among numbers are more likely mistakes than labels, unless labels were asked for.
void TargetReader::refuse_mixture(const Found& texts) const {
  constexpr double kMostlyNumbers = 0.95;
  if (options_.task == Task::classification || !options_.expected_classes.empty()) return;
  const std::size_t numbers = row_count() - texts.count;
  const bool mostly_numbers = static_cast<double>(numbers) >= kMostlyNumbers * static_cast<double>(row_count());
  if (!mostly_numbers && options_.task != Task::regression) return;
  if (several_) {
    refuse_if_any(texts, "text cell", "numbers belong here: correct them, or train a model for this target alone");
    return;
  }
  const Remedy labels{"--task", {"classification"}};
  refuse_if_any(
      texts, "text cell",
      fmt::format("numbers belong here: correct them, or pass {} to take every value as a label", labels.text()),
      {labels});
}

void TargetReader::refuse_classes() const {
  constexpr const char* kFact = "{}: {} holds {}, and several targets are predicted as numbers; {}";
  if (is_text_) {
    throw Error(fmt::format(kFact, where_, column(), fmt::format("texts (first: {})", quote(text(first_text_))),
                            "train a model for it alone"));
  }
  const Remedy numbers{"--task", {"regression"}};
  throw Error(
      fmt::format(kFact, where_, column(), "two values, which are taken as classes",
                  fmt::format("pass {} to take them as numbers, or train a model for it alone", numbers.text())),
      {numbers});
}

void TargetReader::refuse_constant(std::string_view what) const {
  if (row_count() == 1) throw Error(fmt::format("{}: has one row, of which nothing can be learnt; add rows", where_));
  throw Error(fmt::format("{}: {} has {} in all {} rows; there is nothing to learn from it, choose another", where_,
                          column(), what, row_count()));
}

Task TargetReader::decide_task(std::vector<std::string>& notes) const {
  if (!options_.expected_classes.empty()) return Task::classification;
  if (options_.task && (for_a_model() || options_.task == Task::classification)) return *options_.task;
  if (is_text_) return Task::classification;
  constexpr std::size_t kMaxClassNumbers = 20;
  std::vector<double> distinct;  // at most kMaxClassNumbers + 1 of them
  for (std::size_t row = 0; row < row_count() && distinct.size() <= kMaxClassNumbers; ++row) {
    if (std::find(distinct.begin(), distinct.end(), numbers_[row]) == distinct.end()) distinct.push_back(numbers_[row]);
  }
  if (distinct.size() == 1 && !for_a_model()) {
    refuse_constant(fmt::format("the same value {}", quote(text(0))));
  }
  if (options_.task) return *options_.task;
  if (distinct.size() == 2) return Task::classification;
  const bool whole = std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::floor(v); });
  if (distinct.size() <= kMaxClassNumbers && 3 * distinct.size() <= row_count() && whole) {
    notes.push_back(
        fmt::format("target {} has {} distinct whole numbers and is taken as a quantity (regression); pass --task "
                    "classification to take them as classes",
                    quote(cells_.name), distinct.size()));
  }
  return Task::regression;
}

void TargetReader::require_range(DType dtype) const {
  if (dtype == DType::f64) return;
  for (std::size_t row = 0; row < row_count(); ++row) {
    if (std::isfinite(static_cast<float>(numbers_[row]))) continue;
    throw Error(fmt::format("{}: {} holds {} ({}), which is too large for f32; choose f64 or correct it", where_,
                            column(), quote(text(row)), place(row)));
  }
}

// The distinct labels in order. Numbers are sorted by value and named by their first text; texts are sorted by their
// bytes.
std::vector<std::string> TargetReader::find_classes() const {
  if (!options_.expected_classes.empty()) return options_.expected_classes;
  std::vector<std::string> classes;
  if (is_text_) {
    std::unordered_map<std::string_view, bool> seen;
    for (std::string_view label : cells_.texts) {
      if (seen.emplace(label, true).second) classes.emplace_back(label);
    }
    std::sort(classes.begin(), classes.end());
  } else {
    std::unordered_map<double, std::size_t> first_row;
    for (std::size_t row = 0; row < row_count(); ++row) first_row.emplace(numbers_[row], row);
    std::vector<std::pair<double, std::size_t>> ordered(first_row.begin(), first_row.end());
    std::sort(ordered.begin(), ordered.end());
    for (const auto& [number, row] : ordered) classes.push_back(text(row));
  }
  if (classes.size() == 1) {
    refuse_constant(fmt::format("only one class, {},", quote(classes[0])));
  }
  return classes;
}

// The class of each row: the one with the same text or else, for numbers, with the same value.
std::vector<std::int32_t> TargetReader::number_labels(const std::vector<std::string>& classes,
                                                      std::vector<std::string>& notes) const {
  std::unordered_map<std::string_view, std::int32_t> by_text;
  std::unordered_map<double, std::int32_t> by_value;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    by_text.emplace(classes[i], static_cast<std::int32_t>(i));
    const CellValue value = parse_cell(classes[i], cells_.rules);
    if (!is_text_ && value.kind == CellKind::number) by_value.emplace(value.number, static_cast<std::int32_t>(i));
  }
  std::vector<std::int32_t> labels(row_count());
  Found stops;  // labels that end in an extra full stop
  for (std::size_t row = 0; row < row_count(); ++row) {
    if (is_text_ && !cells_.texts.empty()) {
      std::string_view label = cells_.texts[row];
      auto named = by_text.find(label);
      if (named == by_text.end() && label.ends_with('.')) {
        label.remove_suffix(1);
        named = by_text.find(label);
        if (named != by_text.end()) stops.add(row);
      }
      labels[row] = named == by_text.end() ? -1 : named->second;
    } else {
      const auto valued = by_value.find(numbers_[row]);
      labels[row] = valued == by_value.end() ? -1 : valued->second;
    }
    if (labels[row] < 0) {
      throw Error(fmt::format("{}: {} holds {} ({}), which is none of the model's classes; these are {}", where_,
                              column(), quote(text(row)), place(row), list_names(classes)));
    }
  }
  if (stops.count > 0) {
    notes.push_back(
        fmt::format("{}: {} with a full stop behind the name of a class (first: {}, {}) {} taken without it", where_,
                    counted(static_cast<std::int64_t>(stops.count), "label"), place(stops.first),
                    quote(text(stops.first)), stops.count == 1 ? "is" : "are"));
  }
  return labels;
}

// Sets column `k` of `targets` [rows, targets]. Returns whether the numbers may lie too close together for its type.
bool set_column(Tensor& targets, std::int64_t k, const std::vector<double>& numbers) {
  const std::int64_t width = targets.shape()[1];
  double lost = 0;  // the largest rounding error
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    const std::int64_t at = static_cast<std::int64_t>(row) * width + k;
    targets.set(at, numbers[row]);
    lost = std::max(lost, std::abs(numbers[row] - targets.at(at)));
  }
  return may_lose_differences(targets, k, lost);
}

Tensor targets_of(std::size_t rows, std::size_t count, DType dtype) {
  return Tensor(TensorType{dtype, Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(count)}, {}});
}

bool set_several(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
                 std::string_view where) {
  if (options.task == Task::classification) {
    throw Error(fmt::format("{}: {} targets are named, and a classification has one; name one, or leave out --task if "
                            "they are numbers",
                            where, cells.size()),
                {{"--task"}});
  }
  dataset.task = Task::regression;
  bool close = false;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    dataset.target_names.push_back(options.expected_targets.empty() ? cells[k].name : options.expected_targets[k]);
    const TargetReader reader(cells[k], options, where, /*several=*/true);
    std::vector<std::string> notes;  // notes about choices that do not exist with several targets; dropped
    if (reader.decide_task(notes) == Task::classification) reader.refuse_classes();
    reader.require_range(options.dtype);
    const std::vector<double>& numbers = reader.numbers();
    if (k == 0) dataset.targets = targets_of(numbers.size(), cells.size(), options.dtype);
    close = set_column(dataset.targets, static_cast<std::int64_t>(k), numbers) || close;
  }
  dataset.target = fmt::format("{}", fmt::join(dataset.target_names, ","));
  return close;
}

bool set_one(Dataset& dataset, const TargetCells& cells, const ReadOptions& options, std::string_view where,
             std::vector<std::string>& notes) {
  const TargetReader reader(cells, options, where);
  dataset.target = cells.name;
  dataset.task = reader.decide_task(notes);
  if (dataset.task == Task::regression) {
    reader.require_range(options.dtype);
    dataset.targets = targets_of(reader.numbers().size(), 1, options.dtype);
    return set_column(dataset.targets, 0, reader.numbers());
  }
  dataset.classes = reader.find_classes();
  const std::vector<std::int32_t> labels = reader.number_labels(dataset.classes, notes);
  const IntegerRange range{0, static_cast<std::int64_t>(dataset.classes.size())};
  dataset.targets = Tensor(TensorType{DType::i32, Shape{static_cast<std::int64_t>(labels.size())}, range});
  std::copy(labels.begin(), labels.end(), dataset.targets.values<std::int32_t>().begin());
  return false;
}

}  // namespace

bool set_targets(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
                 std::string_view where, std::vector<std::string>& notes) {
  const std::size_t expected = options.expected_targets.size();
  if (expected > 0 && cells.size() != expected) {
    throw Error(fmt::format("{}: has {}, and the model predicts {} ({}); give a number for each", where,
                            counted(std::ssize(cells), "target"), expected, list_names(options.expected_targets)));
  }
  if (expected == 0 && !options.expected_columns.empty() && cells.size() > 1) {
    throw Error(fmt::format("{}: has {}, and the model predicts {} alone; give one number a row", where,
                            counted(std::ssize(cells), "target"), quote(options.target)));
  }
  return cells.size() == 1 ? set_one(dataset, cells[0], options, where, notes)
                           : set_several(dataset, cells, options, where);
}

}  // namespace hillock
