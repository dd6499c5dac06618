// Decides between classification and regression, and numbers the classes.
#include "data/targets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "data/category_match.h"
#include "data/cell_value.h"
#include "data/column_profile.h"
#include "data/float_precision.h"
#include "data/number_text.h"
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
  // `several`: it is one of several targets. What is worth telling of its cells goes to `notes`.
  TargetReader(const TargetCells& cells, const ReadOptions& options, std::string_view where,
               std::vector<std::string>& notes, bool several = false)
      : cells_(cells), options_(options), where_(where), several_(several) {
    if (may_have_format()) {
      const auto known = options_.expected_formats.find(cells_.name);
      if (known != options_.expected_formats.end()) format_ = format_in_file(known->second, cells_.rules.decimal);
    }
    parse(notes);
  }

  Task decide_task(std::vector<std::string>& notes) const;
  std::vector<std::string> find_classes(std::vector<std::string>& notes) const;
  std::vector<std::int32_t> number_labels(const std::vector<std::string>& classes,
                                          std::vector<std::string>& notes) const;
  // Throws Error: this target holds classes, but is one of several targets, which must be numbers.
  [[noreturn]] void refuse_classes() const;
  // Throws Error unless the numbers are finite in `dtype`.
  void require_range(DType dtype) const;
  const std::vector<double>& numbers() const { return numbers_; }
  // Where there are some, nothing else has been looked at: they have to be left out first.
  const std::vector<std::size_t>& missing_rows() const { return missing_rows_; }
  // How they are written; nothing: plainly.
  const std::optional<NumberFormat>& format() const { return format_; }

 private:
  // Numbers in one dress are looked for unless classes are wanted.
  bool may_have_format() const {
    return !cells_.texts.empty() && options_.expected_classes.empty() && options_.task != Task::classification;
  }
  void find_format(std::vector<std::string>& notes);
  bool has_codes() const;
  void parse(std::vector<std::string>& notes);
  std::size_t find_label(const std::vector<std::string>& classes, const std::string& label, std::size_t row) const;
  std::string key_of(std::size_t row) const;
  CellValue read_cell(std::size_t row) const;
  void refuse_if_any(const Found& found, std::string_view noun, std::string_view advice,
                     std::vector<Remedy> remedies = {}) const;
  void refuse_mixture(const Found& texts) const;
  void refuse_missing() const;
  [[noreturn]] void refuse_commas(ColumnProfile::Outcome outcome) const;
  // `what` is all that the target has.
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
  std::vector<std::size_t> missing_rows_;
  std::optional<NumberFormat> format_;
  bool is_text_ = false, format_looked_for_ = false, several_;
  std::size_t first_text_ = 0;  // the first row with text
};

CellValue TargetReader::read_cell(std::size_t row) const {
  if (!cells_.texts.empty())
    return format_ ? parse_cell(cells_.texts[row], cells_.rules, *format_)
                   : parse_cell(cells_.texts[row], cells_.rules);
  const double number = cells_.numbers[row];
  if (std::isfinite(number)) return {CellKind::number, number};
  return {std::isnan(number) ? CellKind::missing : CellKind::infinite, number};
}

// Looks for one dress of all the texts.
void TargetReader::find_format(std::vector<std::string>& notes) {
  TextCounts counts;
  for (std::size_t row = 0; row < cells_.texts.size(); ++row) {
    if (read_cell(row).kind != CellKind::missing) counts.add(cells_.texts[row]);
  }
  const bool numeric = options_.task == Task::regression || for_a_model() || cells_.coerce || several_;
  const ColumnProfile profile =
      profile_column(counts, cells_.rules, {.numeric = numeric, .coerce = cells_.coerce, .word_may_be_missing = false});
  using Outcome = ColumnProfile::Outcome;
  if (profile.outcome == Outcome::decimal_comma || profile.outcome == Outcome::two_readings)
    refuse_commas(profile.outcome);
  if (profile.outcome != Outcome::numbers) return;
  format_ = profile.format;
  if (profile.example.empty()) return;
  notes.push_back(fmt::format("{}: {} is read as numbers: {} is {}{}", where_, column(), quote(profile.example),
                              profile.example_number,
                              numeric ? "" : "; pass --task classification to take every value as a label"));
}

// Throws Error if the missing cells may not be left out, or nothing else is there.
void TargetReader::refuse_missing() const {
  if (missing_rows_.size() == row_count()) {
    throw Error(fmt::format("{}: {} has no value in any row; choose another", where_, column()));
  }
  if (options_.missing != Missing::refuse) return;
  const Remedy drop{"--missing", {"drop-rows"}};
  refuse_if_any({missing_rows_.size(), missing_rows_.front()}, "missing cell",
                fmt::format("fill them in, or pass {} to leave these rows out", drop.text()), {drop});
}

void TargetReader::refuse_commas(ColumnProfile::Outcome outcome) const {
  Found found;
  for (std::size_t row = 0; row < cells_.texts.size(); ++row) {
    if (read_cell(row).kind == CellKind::text) found.add(row);
  }
  const Remedy thousands{"--thousands", {","}}, decimal{"--decimal", {","}};
  if (outcome == ColumnProfile::Outcome::two_readings) {
    throw Error(
        fmt::format("{}: {} has a comma before three digits in its numbers (first: {}, {}), which may separate "
                    "thousands or decimals; pass {} or {}",
                    where_, column(), place(found.first), quote(text(found.first)), thousands.text(), decimal.text()),
        {thousands, decimal});
  }
  throw Error(fmt::format("{}: {} has numbers with a decimal comma (first: {}, {}); pass {} to read them", where_,
                          column(), place(found.first), quote(text(found.first)), decimal.text()),
              {decimal});
}

// Digits of one length of which some begin with a zero.
bool TargetReader::has_codes() const {
  if (options_.task || for_a_model() || cells_.texts.empty()) return false;
  bool padded = false;
  for (const std::string_view label : cells_.texts) {
    const bool digits = label.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits || label.size() != cells_.texts[0].size()) return false;
    padded = padded || is_zero_padded(label);
  }
  return padded;
}

// The same for labels that are one: equal numbers, unless one of them is a code ("01" and "1").
std::string TargetReader::key_of(std::size_t row) const {
  if (cells_.texts.empty()) return fmt::format("{}", numbers_[row]);
  const std::string_view label = cells_.texts[row];
  std::string number = format_ ? std::string() : exact_number(label);
  if (!number.empty()) return number;
  return is_text_ || is_zero_padded(label) ? std::string(label) : fmt::format("{}", numbers_[row]);
}

void TargetReader::refuse_if_any(const Found& found, std::string_view noun, std::string_view advice,
                                 std::vector<Remedy> remedies) const {
  if (found.count == 0) return;
  throw Error(fmt::format("{}: {} has {} (first: {}, {}); {}", where_, column(),
                          counted(static_cast<std::int64_t>(found.count), noun), place(found.first),
                          quote(text(found.first)), advice),
              std::move(remedies));
}

void TargetReader::parse(std::vector<std::string>& notes) {
  missing_rows_.clear();
  bool texts_found = false;
  Found texts, infinite, dressed;
  std::vector<std::size_t>& missing = missing_rows_;
  std::vector<std::size_t> soft_missing;
  Found soft;  // labels among texts, missing among numbers: "-", "None", "unknown"
  numbers_.resize(cells_.texts.empty() ? cells_.numbers.size() : cells_.texts.size());
  const std::vector<std::string>& classes = options_.expected_classes;
  const bool labels = options_.task == Task::classification || !classes.empty();
  const auto is_added = [&](std::string_view cell) {
    return std::ranges::any_of(options_.added_missing_tokens,
                               [&](const std::string& token) { return equal_ignoring_case(cell, token); });
  };
  for (std::size_t row = 0; row < row_count(); ++row) {
    const CellValue value = read_cell(row);
    numbers_[row] = value.number;
    if (value.kind == CellKind::number && value.dressed && !format_) dressed.add(row);
    const auto add_soft = [&] {
      soft.add(row);
      soft_missing.push_back(row);
    };
    if (value.kind == CellKind::text) {
      texts_found = true;
      if (!labels && means_missing(text(row))) {
        add_soft();
      } else {
        texts.add(row);
      }
    }
    if (value.kind == CellKind::infinite) infinite.add(row);
    if (value.kind != CellKind::missing) continue;
    const bool is_class = std::ranges::find(classes, text(row)) != classes.end();
    if (is_class || (classes.empty() && may_be_label(text(row)) && !is_added(text(row)))) {
      add_soft();
    } else {
      missing.push_back(row);
    }
  }
  if ((texts_found || cells_.coerce) && may_have_format() && !format_looked_for_) {
    format_looked_for_ = true;
    const std::optional<NumberFormat> before = format_;
    find_format(notes);
    if (format_ != before) return parse(notes);
  }
  const auto is_number = [&](const std::string& name) {
    return parse_cell(name, cells_.rules).kind == CellKind::number;
  };
  is_text_ = texts.count > 0 || !std::all_of(classes.begin(), classes.end(), is_number) || has_codes();
  if (!is_text_ && soft.count > 0) {
    const auto middle = missing.insert(missing.end(), soft_missing.begin(), soft_missing.end());
    std::inplace_merge(missing.begin(), middle, missing.end());
  }
  first_text_ = texts.first;
  if (!missing.empty()) return refuse_missing();
  if (texts.count > 0) refuse_mixture(texts);
  if (!is_text_) refuse_if_any(infinite, "infinite cell", "correct them or remove these rows");
  if (is_text_ && classes.empty() && soft.count > 0 && text(soft.first) != "-") {
    notes.push_back(fmt::format(
        "{}: {} has {} {} (first: {}), which {} taken as a class; pass --na-add {} to take {} as missing", where_,
        column(), counted(static_cast<std::int64_t>(soft.count), "cell"), quote(text(soft.first)), place(soft.first),
        soft.count == 1 ? "is" : "are", quote(text(soft.first)), soft.count == 1 ? "it" : "them"));
  }
  if (dressed.count > 0 && !is_text_) {
    notes.push_back(fmt::format("{}: {} has {} in an unusual form (first: {}, {}, which is read as {})", where_,
                                column(), counted(static_cast<std::int64_t>(dressed.count), "number"),
                                place(dressed.first), quote(text(dressed.first)), numbers_[dressed.first]));
  }
}

// A few texts among numbers are more likely mistakes than labels, unless labels were asked for.
void TargetReader::refuse_mixture(const Found& texts) const {
  constexpr double kMostlyNumbers = 0.95;
  constexpr std::size_t kManyNumbers = 20;
  if (options_.task == Task::classification || !options_.expected_classes.empty()) return;
  std::unordered_map<double, bool> different;
  std::size_t numbers = 0;
  for (std::size_t row = 0; row < row_count(); ++row) {
    if (read_cell(row).kind != CellKind::number) continue;
    ++numbers;
    if (different.size() <= kManyNumbers) different.emplace(numbers_[row], true);
  }
  const bool mostly_numbers = static_cast<double>(numbers) >= kMostlyNumbers * static_cast<double>(row_count()) ||
                              (2 * numbers >= row_count() && different.size() > kManyNumbers);
  if (!mostly_numbers && options_.task != Task::regression) return;
  const Remedy coerce{"--coerce", {cells_.name}}, labels{"--task", {"classification"}};
  std::string advice = "numbers belong here: correct them";
  std::vector<Remedy> remedies;
  if (numbers > 0) {
    advice += fmt::format(", pass {} to take them as missing", coerce.text());
    remedies.push_back(coerce);
  }
  if (several_) {
    refuse_if_any(texts, "text cell", advice + ", or train a model for this target alone", remedies);
    return;
  }
  remedies.push_back(labels);
  refuse_if_any(texts, "text cell", fmt::format("{}, or pass {} to take every value as a label", advice, labels.text()),
                remedies);
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
  std::vector<std::string> keys;
  std::vector<std::string_view> texts;
  for (std::size_t row = 0; row < row_count() && distinct.size() <= kMaxClassNumbers; ++row) {
    if (!cells_.texts.empty() && std::ranges::find(texts, cells_.texts[row]) != texts.end()) continue;
    if (!cells_.texts.empty() && texts.size() <= kMaxClassNumbers) texts.push_back(cells_.texts[row]);
    if (cells_.texts.empty() && std::ranges::find(distinct, numbers_[row]) != distinct.end()) continue;
    std::string key = key_of(row);
    if (std::ranges::find(keys, key) != keys.end()) continue;
    keys.push_back(std::move(key));
    distinct.push_back(numbers_[row]);
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

// The distinct labels in order: numbers by value and named by their first text, texts by their bytes.
std::vector<std::string> TargetReader::find_classes(std::vector<std::string>& notes) const {
  if (!options_.expected_classes.empty()) return options_.expected_classes;
  std::vector<std::string> classes;
  if (is_text_) {
    std::map<std::string, std::int64_t, std::less<>> counts;
    for (const std::string_view label : cells_.texts) {
      if (const auto found = counts.find(label); found != counts.end()) {
        ++found->second;
      } else {
        counts.emplace(label, 1);
      }
    }
    std::vector<std::string> labels;
    std::vector<std::int64_t> rows;
    for (const auto& [label, count] : counts) {
      labels.push_back(label);
      rows.push_back(count);
    }
    const std::vector<std::size_t> kept = merge_spellings(labels, rows);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (kept[i] == i) {
        classes.push_back(labels[i]);
      } else {
        notes.push_back(fmt::format("{}: {} has {} {}, which {} taken for {}: they mean the same", where_, column(),
                                    counted(rows[i], "label"), quote(labels[i]), rows[i] == 1 ? "is" : "are",
                                    quote(labels[kept[i]])));
      }
    }
  } else {
    std::unordered_map<std::string, std::size_t> first_row;
    std::unordered_map<std::string_view, bool> seen;
    for (std::size_t row = 0; row < row_count(); ++row) {
      if (!cells_.texts.empty() && !seen.emplace(cells_.texts[row], true).second) continue;
      first_row.emplace(key_of(row), row);
    }
    std::vector<std::tuple<double, std::string, std::size_t>> ordered;
    for (const auto& [key, row] : first_row) ordered.emplace_back(numbers_[row], text(row), row);
    std::sort(ordered.begin(), ordered.end());
    for (const auto& [number, name, row] : ordered) classes.push_back(name);
  }
  constexpr std::size_t kLeastRows = 10;
  constexpr double kDifferentTexts = 0.98;  // as for features (column_audit.cc)
  if (is_text_ && !options_.task && row_count() >= kLeastRows &&
      static_cast<double>(classes.size()) >= kDifferentTexts * static_cast<double>(row_count())) {
    throw Error(fmt::format("{}: {} has another text in {}every row; there is nothing to learn from it, choose another",
                            where_, column(), classes.size() == row_count() ? "" : "nearly "));
  }
  if (classes.size() == 1) {
    refuse_constant(fmt::format("only one class, {},", quote(classes[0])));
  }
  return classes;
}

// Each row's class: the one of the same text, else the one that means the same.
std::vector<std::int32_t> TargetReader::number_labels(const std::vector<std::string>& classes,
                                                      std::vector<std::string>& notes) const {
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < classes.size(); ++i) numbers.emplace(classes[i], i);
  std::unordered_map<std::string, std::size_t> others;  // labels that are spelled otherwise
  std::vector<std::int32_t> labels(row_count());
  Found stops;  // labels with a full stop more
  Found respelled;
  for (std::size_t row = 0; row < row_count(); ++row) {
    const std::string label = text(row);
    auto named = numbers.find(label);
    if (named == numbers.end()) {
      named = others.emplace(label, classes.size()).first;
      if (named->second == classes.size()) named->second = find_label(classes, label, row);
      if (named->second < classes.size()) {
        const bool stop = label.ends_with('.') && label.size() == classes[named->second].size() + 1;
        (stop ? stops : respelled).add(row);
      }
    }
    labels[row] = static_cast<std::int32_t>(named->second);
    if (named->second == classes.size()) {
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
  if (respelled.count > 0 && !options_.expected_classes.empty() && truth_of(text(respelled.first)) &&
      exact_number(text(respelled.first)) != exact_number(classes[static_cast<std::size_t>(labels[respelled.first])])) {
    notes.push_back(fmt::format("{}: {} has {} that the model spells otherwise (first: {}, {}, taken for {})", where_,
                                column(), counted(static_cast<std::int64_t>(respelled.count), "label"),
                                place(respelled.first), quote(text(respelled.first)),
                                quote(classes[static_cast<std::size_t>(labels[respelled.first])])));
  }
  return labels;
}

// The class that means what the label of a row does.
std::size_t TargetReader::find_label(const std::vector<std::string>& classes, const std::string& label,
                                     std::size_t row) const {
  std::size_t found = find_category(classes, label);
  if (found == classes.size() && label.ends_with('.'))
    found = find_category(classes, label.substr(0, label.size() - 1));
  if (found < classes.size() || is_text_ || is_zero_padded(label)) return found;
  const auto same = [&](const std::string& name) {
    const CellValue value = format_ ? parse_cell(name, cells_.rules, *format_) : parse_cell(name, cells_.rules);
    return value.kind == CellKind::number && value.number == numbers_[row] && exact_number(name).empty();
  };
  return static_cast<std::size_t>(std::find_if(classes.begin(), classes.end(), same) - classes.begin());
}

// Column `k` of `targets` [rows, targets]. Returns whether they may lie too close together for it.
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

bool set_several(Dataset& dataset, std::span<const TargetCells> cells, std::span<const TargetReader> readers,
                 const ReadOptions& options, std::string_view where) {
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
    const TargetReader& reader = readers[k];
    std::vector<std::string> none;  // of a choice that several targets do not leave
    if (reader.decide_task(none) == Task::classification) reader.refuse_classes();
    if (reader.format()) dataset.formats[dataset.target_names.back()] = *reader.format();
    reader.require_range(options.dtype);
    const std::vector<double>& numbers = reader.numbers();
    if (k == 0) dataset.targets = targets_of(numbers.size(), cells.size(), options.dtype);
    close = set_column(dataset.targets, static_cast<std::int64_t>(k), numbers) || close;
  }
  dataset.target = fmt::format("{}", fmt::join(dataset.target_names, ","));
  return close;
}

bool set_one(Dataset& dataset, const TargetCells& cells, const TargetReader& reader, const ReadOptions& options,
             std::vector<std::string>& notes) {
  dataset.target = cells.name;
  if (reader.format()) dataset.formats[cells.name] = *reader.format();
  dataset.task = reader.decide_task(notes);
  if (dataset.task == Task::regression) {
    reader.require_range(options.dtype);
    dataset.targets = targets_of(reader.numbers().size(), 1, options.dtype);
    return set_column(dataset.targets, 0, reader.numbers());
  }
  dataset.classes = reader.find_classes(notes);
  const std::vector<std::int32_t> labels = reader.number_labels(dataset.classes, notes);
  const IntegerRange range{0, static_cast<std::int64_t>(dataset.classes.size())};
  dataset.targets = Tensor(TensorType{DType::i32, Shape{static_cast<std::int64_t>(labels.size())}, range});
  std::copy(labels.begin(), labels.end(), dataset.targets.values<std::int32_t>().begin());
  return false;
}

// The cells of the rows `kept`.
std::vector<TargetCells> take(std::span<const TargetCells> cells, std::span<const std::int64_t> kept) {
  std::vector<TargetCells> taken;
  for (const TargetCells& from : cells) {
    TargetCells& to = taken.emplace_back();
    to.name = from.name;
    to.rules = from.rules;
    to.coerce = from.coerce;
    const auto take_from = [&](const auto& all, auto& some) {
      for (const std::int64_t row : kept) {
        if (!all.empty()) some.push_back(all[static_cast<std::size_t>(row)]);
      }
    };
    take_from(from.texts, to.texts);
    take_from(from.lines, to.lines);
    take_from(from.numbers, to.numbers);
  }
  return taken;
}

void note_missing(const TargetCells& cells, std::span<const std::size_t> missing, std::string_view where,
                  std::vector<std::string>& notes) {
  const std::size_t first = missing.front();
  notes.push_back(fmt::format("{}: {} without a target {} left out (first: {} {})", where,
                              counted(std::ssize(missing), "row"), missing.size() == 1 ? "is" : "are",
                              cells.lines.empty() ? "row" : "line",
                              cells.lines.empty() ? static_cast<std::int64_t>(first) + 1 : cells.lines[first]));
}

TargetsRead set_checked(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
                        std::string_view where, std::vector<std::string>& notes) {
  std::vector<std::string> told;
  std::vector<TargetReader> readers;
  readers.reserve(cells.size());
  std::set<std::size_t> missing;
  for (const TargetCells& target : cells) {
    const TargetReader& reader = readers.emplace_back(target, options, where, told, cells.size() > 1);
    missing.insert(reader.missing_rows().begin(), reader.missing_rows().end());
  }
  if (missing.empty()) {
    notes.insert(notes.end(), told.begin(), told.end());
    return {cells.size() == 1 ? set_one(dataset, cells[0], readers[0], options, notes)
                              : set_several(dataset, cells, readers, options, where)};
  }
  const std::vector<std::size_t> rows(missing.begin(), missing.end());
  const std::size_t count = std::max(cells[0].texts.size(), cells[0].numbers.size());
  if (rows.size() == count) throw Error(fmt::format("{}: no row has all of its targets; fill them in", where));
  note_missing(cells[0], rows, where, notes);
  TargetsRead read = set_checked(dataset, take(cells, rows_without(count, rows)), options, where, notes);
  read.missing = rows;
  return read;
}

}  // namespace

std::vector<std::int64_t> rows_without(std::size_t count, std::span<const std::size_t> left_out) {
  std::vector<std::int64_t> rows;
  rows.reserve(count - left_out.size());
  for (std::size_t row = 0, next = 0; row < count; ++row) {
    if (next < left_out.size() && left_out[next] == row) {
      ++next;
    } else {
      rows.push_back(static_cast<std::int64_t>(row));
    }
  }
  return rows;
}

TargetsRead set_targets(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
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
  return set_checked(dataset, cells, options, where, notes);
}

}  // namespace hillock
