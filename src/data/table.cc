// Reads delimited text into a Dataset. The text is walked twice: once to count the rows, and once to parse each cell
// into its place. It is parsed once more if a column that began with numbers turns out to be categorical, or if f32
// cannot tell its numbers apart.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/file.h"
#include "data/column_audit.h"
#include "data/columns.h"
#include "data/date_columns.h"
#include "data/float_precision.h"
#include "data/layout.h"
#include "data/sources.h"
#include "data/table_columns.h"
#include "data/table_rows.h"
#include "data/table_text.h"
#include "data/targets.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

template <class T>
void renumber_categories(std::vector<FeatureColumn>& columns, Tensor& features) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].categorical || columns[i].closed) continue;
    const std::vector<double> renumbered = columns[i].sort_categories();
    const auto values = features.values<T>();
    for (std::size_t at = i; at < values.size(); at += columns.size()) {
      if (!std::isnan(values[at])) values[at] = static_cast<T>(renumbered[static_cast<std::size_t>(values[at])]);
    }
  }
}

// A table that is being read into a Dataset.
class Table {
 public:
  Table(std::string_view text, std::string_view where, const FileText* file, const ReadOptions& options)
      : options_(options), where_(where), file_(file), dtype_(options.dtype) {
    layout_ = find_layout(text, where, options, data_.notes);
    rows_ = count_rows(layout_, file, data_.notes);
    chosen_ = choose_columns(layout_.names, layout_.header, options, where);
    columns_ = guess_columns(layout_, chosen_, options);
    guess_dates(layout_, columns_, options);
    if (options.expected_columns.empty() && has_dates()) dtype_ = DType::f64;  // f32 rounds times to minutes
  }

  LoadedData read() {
    read_cells();
    const bool may_widen = options_.expected_columns.empty() && dtype_ == DType::f32;
    if (may_widen && (has_dates() || numbers_may_be_too_close())) {
      dtype_ = DType::f64;
      read_cells();
    }
    data_.notes.insert(data_.notes.end(), notes_.begin(), notes_.end());
    read_sides();
    refuse_missing();
    if (options_.expected_columns.empty()) note_outliers();
    refuse_unseen(columns_, where_);
    note_dates(columns_, options_, data_.notes);
    note_cells(columns_, where_, data_.notes);
    if (options_.expected_columns.empty()) {
      data_.columns = read_columns(layout_.names, chosen_);
      drop_uninformative_columns(data_, options_, where_);
    }
    treat_missing();
    settle_dtype(data_.train, options_, where_, data_.notes);
    return std::move(data_);
  }

 private:
  // Reads features and target in dtype_.
  void read_cells() {
    rows_kept_.clear();
    data_.train = {};
    notes_.clear();
    while (!read_features()) continue;
    describe();
    read_targets();
  }

  bool has_dates() const {
    return std::ranges::any_of(columns_, [](const FeatureColumn& column) { return column.dates.has_value(); });
  }

  bool numbers_may_be_too_close() const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (may_lose_differences(data_.train.features, static_cast<std::int64_t>(i), walk_->lost()[i])) return true;
    }
    return target_may_be_too_close_;
  }

  // Returns false if the rows have to be read again.
  bool read_features() {
    const auto width = static_cast<std::int64_t>(columns_.size());
    for (FeatureColumn& column : columns_) column.clear();
    kept_ = {};
    kept_.sources = chosen_.targets;
    for (const auto& side : {chosen_.weights, chosen_.group, chosen_.time}) {
      if (side) kept_.sources.push_back(*side);
    }
    Tensor& features = data_.train.features;
    features = Tensor(TensorType{dtype_, Shape{rows_, width}, {}});
    walk_.emplace(layout_, columns_, file_);
    const bool wide = dtype_ == DType::f64;
    if (wide) {
      walk_->read(rows_, features.values<double>().data(), kept_);
    } else {
      walk_->read(rows_, features.values<float>().data(), kept_);
    }
    if (settle_kinds(layout_, columns_, rows_)) {
      guess_late_dates(columns_, options_);
      return false;
    }
    wide ? renumber_categories<double>(columns_, features) : renumber_categories<float>(columns_, features);
    return true;
  }

  void describe() {
    Dataset& dataset = data_.train;
    dataset.columns = chosen_.names;
    dataset.sample_shape = Shape{static_cast<std::int64_t>(columns_.size())};
    if (std::any_of(columns_.begin(), columns_.end(), [](const FeatureColumn& column) { return column.categorical; })) {
      for (const FeatureColumn& column : columns_) dataset.categories.push_back(column.categories);
    }
    for (const FeatureColumn& column : columns_) {
      if (column.format) dataset.formats[column.name] = *column.format;
    }
    if (has_dates()) {
      for (const FeatureColumn& column : columns_) {
        dataset.dates.push_back(column.dates ? std::optional(column.dates->form()) : std::nullopt);
      }
    }
    dataset.task = options_.task.value_or(options_.expected_classes.empty() ? Task::regression : Task::classification);
    dataset.target = options_.target;
    dataset.classes = options_.expected_classes;
    if (options_.expected_columns.empty() && !layout_.header) {
      notes_.push_back(
          fmt::format("the first line holds data, so the columns are called c1 to c{}", layout_.names.size()));
    }
  }

  void read_targets() {
    if (chosen_.targets.empty()) return;
    std::vector<TargetCells> targets;
    for (std::size_t k = 0; k < chosen_.targets.size(); ++k) {
      TargetCells& target = targets.emplace_back();
      target.name = layout_.names[chosen_.targets[k]];
      target.rules = layout_.rules;
      target.coerce = k < chosen_.target_kinds.size() && chosen_.target_kinds[k] == ColumnKind::coerced;
      target.texts = std::move(kept_.texts[k]);
      target.lines = kept_.lines;
    }
    ReadOptions options = options_;
    options.dtype = dtype_;
    const TargetsRead read = set_targets(data_.train, targets, options, where_, notes_);
    target_may_be_too_close_ = read.may_lose_differences;
    if (!read.missing.empty()) keep_rows(rows_without(kept_.lines.size(), read.missing));
  }

  // Of the features and of the cells that are kept as texts.
  void keep_rows(const std::vector<std::int64_t>& rows) {
    rows_kept_ = rows;
    data_.train.features = take_rows(data_.train.features, rows);
    const auto keep = [&](auto& all) {
      if (all.empty()) return;
      std::size_t next = 0;
      for (const std::int64_t row : rows) all[next++] = all[static_cast<std::size_t>(row)];
      all.resize(next);
    };
    for (auto& texts : kept_.texts) keep(texts);
    keep(kept_.lines);
  }

  void read_sides() {
    std::size_t k = chosen_.targets.size();
    if (chosen_.weights) read_weights(kept_.texts[k++]);
    if (chosen_.group) read_groups(kept_.texts[k++]);
    if (chosen_.time) {
      data_.train.times = read_times(kept_.texts[k++], kept_.lines, layout_.names[*chosen_.time], layout_, options_);
    }
  }

  void read_weights(const std::vector<std::string_view>& texts) {
    Tensor& weights = data_.train.weights;
    weights = Tensor(TensorType{dtype_, Shape{data_.train.rows()}, {}});
    double sum = 0;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const CellValue value = parse_cell(texts[row], layout_.rules);
      if (value.kind != CellKind::number || value.number < 0) {
        throw Error(
            fmt::format("{}: --weights column {} holds {} (line {}), which is not a number of at least 0; correct it",
                        where_, quote(layout_.names[*chosen_.weights]), quote(texts[row]), kept_.lines[row]));
      }
      weights.set(static_cast<std::int64_t>(row), value.number);
      const double held = options_.dtype == DType::f32 ? static_cast<float>(value.number) : value.number;
      if (!std::isfinite(held)) {
        throw Error(
            fmt::format("{}: --weights column {} holds {} (line {}), which is too large for f32; choose f64 or "
                        "give smaller weights, only their ratios count",
                        where_, quote(layout_.names[*chosen_.weights]), quote(texts[row]), kept_.lines[row]));
      }
      sum += held;
    }
    if (sum > 0 && std::isfinite(sum)) return;
    throw Error(fmt::format("{}: the weights in column {} add up to {}; give some that are greater than 0", where_,
                            quote(layout_.names[*chosen_.weights]), sum));
  }

  void read_groups(const std::vector<std::string_view>& texts) {
    std::map<std::string_view, std::int32_t> numbers;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      if (parse_cell(texts[row], layout_.rules).kind == CellKind::missing) {
        throw Error(fmt::format("{}: --group column {} has a missing cell (line {}); fill it in", where_,
                                quote(layout_.names[*chosen_.group]), kept_.lines[row]));
      }
      const auto next = static_cast<std::int32_t>(numbers.size());
      data_.train.groups.push_back(numbers.emplace(texts[row], next).first->second);
    }
  }

  // Names single cells that are far from all others, and where they stand.
  void note_outliers() {
    const Tensor& features = data_.train.features;
    const auto width = static_cast<std::int64_t>(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].categorical || columns_[i].dates) continue;
      const auto at = [&](std::int64_t row) { return features.at(row * width + static_cast<std::int64_t>(i)); };
      const auto found = find_outliers(data_.train.rows(), walk_->ranges()[i], at);
      if (!found) continue;
      RowWalker walker = layout_.at_first_row();
      std::size_t cell_count = 0;
      const std::int64_t in_file = rows_kept_.empty() ? found->row : rows_kept_[static_cast<std::size_t>(found->row)];
      for (std::int64_t row = 0; row < in_file; ++row) walker.skip(cell_count);
      std::vector<std::string_view> cells;
      walker.next(cells);
      const std::string cell(cells[columns_[i].source]);
      data_.notes.push_back(fmt::format(
          "{}: column {} has {} far from all others ({} in line {}, where most lie between {} and {}); correct it, or "
          "pass --na-add {} to take it as missing",
          where_, quote(columns_[i].name), counted(found->count, "value"), quote(cell), walker.line(),
          found->others.low, found->others.high, quote(cell)));
    }
  }

  void refuse_missing() const {
    if (options_.missing != Missing::refuse) return;
    std::int64_t others = -1;
    const FeatureColumn* first = nullptr;
    for (const FeatureColumn& column : columns_) {
      if (column.missing.count == 0) continue;
      if (first == nullptr) first = &column;
      ++others;
    }
    if (first == nullptr) return;
    const std::string fact = fmt::format("{}: column {} has {} ({}){}; fill them in", where_, quote(first->name),
                                         counted(first->missing.count, "missing cell"), first->missing.places(),
                                         others > 0 ? fmt::format(", and so {} more", counted(others, "column")) : "");
    if (!options_.expected_columns.empty()) throw Error(fact);  // imputing is for training to learn
    throw Error(fact + ", or pass --missing impute or drop-rows",
                {{"--missing", {"impute"}}, {"--missing", {"drop-rows"}}});
  }

  // Drops rows with missing cells if the options ask for it.
  void treat_missing() {
    if (options_.missing != Missing::drop_rows) return;
    Dataset& dataset = data_.train;
    std::vector<std::int64_t> whole;
    const std::int64_t width = dataset.feature_count();
    for (std::int64_t row = 0; row < dataset.rows(); ++row) {
      bool all = true;
      for (std::int64_t i = 0; i < width && all; ++i) all = !std::isnan(dataset.features.at(row * width + i));
      if (all) whole.push_back(row);
    }
    const auto dropped = dataset.rows() - static_cast<std::int64_t>(whole.size());
    if (dropped == 0) return;
    if (whole.empty()) {
      const Remedy impute{"--missing", {"impute"}};
      throw Error(fmt::format("{}: every row has a missing cell; pass {}", where_, impute.text()), {impute});
    }
    dataset = take_rows(dataset, whole);
    data_.notes.push_back(fmt::format("{}: {} with missing cells left out", where_, counted(dropped, "row")));
  }

  const ReadOptions& options_;
  std::string_view where_;
  const FileText* file_;
  DType dtype_;  // f64 if f32 is asked for but numbers may be too close together for it
  LoadedData data_;
  std::vector<std::string> notes_;  // about columns and target
  bool target_may_be_too_close_ = false;
  Layout layout_;
  std::int64_t rows_ = 0;                // in the file
  std::vector<std::int64_t> rows_kept_;  // of them, by number; empty: all
  ChosenColumns chosen_;
  std::vector<FeatureColumn> columns_;
  KeptCells kept_;
  std::optional<TableRows> walk_;
};

}  // namespace

LoadedData parse_table(std::string_view text, std::string_view where, const ReadOptions& options) {
  const TableText checked(text, where, nullptr, options);
  return Table(checked.view(), where, nullptr, options).read();
}

LoadedData read_table(const FileText& file, std::string_view where, const ReadOptions& options) {
  const TableText checked(file.view(), where, &file, options);
  return Table(checked.view(), where, checked.file(), options).read();
}

}  // namespace hillock
