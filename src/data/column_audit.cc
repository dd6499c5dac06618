// Finds such columns by walking down each column.
#include "data/column_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// In fewer rows than these a column may have distinct values by chance.
constexpr std::int64_t kMinRows = 50;

constexpr const char* kEmpty = "has no value in any row";

// One column's values.
class Column {
 public:
  Column(const Dataset& dataset, std::size_t column)
      : features_(dataset.features),
        rows_(dataset.rows()),
        width_(dataset.feature_count()),
        column_(static_cast<std::int64_t>(column)) {}

  std::int64_t rows() const { return rows_; }
  double at(std::int64_t row) const { return features_.at(row * width_ + column_); }

  bool is_empty() const {
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!std::isnan(at(row))) return false;
    }
    return true;
  }

  // Whether the values only number the rows: whole numbers, each once, from so small a range that numbers drawn from it
  // would have come again (by the birthday problem n²/2R pairs are expected to be equal). Gaps are left by rows that
  // were taken out before.
  bool numbers_rows() const {
    constexpr double kExpectedPairs = 12;  // none at all: 6 times in a million
    constexpr double kWidest = 2.5;        // the range beside the number of rows
    double least = at(0), largest = at(0);
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!(at(row) == std::floor(at(row)))) return false;
      least = std::min(least, at(row));
      largest = std::max(largest, at(row));
    }
    const auto count = static_cast<double>(rows_);
    const double range = largest - least + 1;
    return count <= range && range <= kWidest * count && count * count >= 2 * kExpectedPairs * range && all_differ();
  }

 private:
  bool all_differ() const {
    std::unordered_set<double> seen;
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!seen.insert(at(row)).second) return false;
    }
    return true;
  }

  const Tensor& features_;
  std::int64_t rows_, width_, column_;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Above this share of different texts a column is left out. Measured with texts that decide most of the target: where
// 95 % of the cells differed a column still gained 0.05 of R², and where it decided nothing it cost less than 0.01.
constexpr double kDifferentTexts = 0.98;

// Texts of so many words on average are sentences.
constexpr double kWordsOfFreeText = 5;

std::size_t words_in(std::string_view text) {
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    words += !blank && !in_word ? 1 : 0;
    in_word = !blank;
  }
  return words;
}

std::string reason_against_texts(const Dataset& dataset, std::size_t i) {
  const std::vector<std::string>& texts = dataset.categories[i];
  if (texts.size() == static_cast<std::size_t>(dataset.rows())) return "has another text in every row";
  const Column column(dataset, i);
  std::int64_t present = 0;
  for (std::int64_t row = 0; row < dataset.rows(); ++row) present += std::isnan(column.at(row)) ? 0 : 1;
  const auto different = static_cast<double>(texts.size());
  if (present < kMinRows) return "";
  if (different >= kDifferentTexts * static_cast<double>(present)) return "has another text in nearly every row";
  if (2 * different < static_cast<double>(present)) return "";
  std::size_t words = 0;
  for (const std::string& text : texts) words += words_in(text);
  return static_cast<double>(words) >= kWordsOfFreeText * different ? "holds free text" : "";
}

// The reason why the column cannot help to predict, or an empty text if it may.
std::string reason_against(const Dataset& dataset, std::size_t i) {
  const Column column(dataset, i);
  if (column.is_empty()) return kEmpty;
  if (dataset.rows() < kMinRows) return "";
  if (dataset.is_categorical(i)) return reason_against_texts(dataset, i);
  return !dataset.is_date(i) && column.numbers_rows() ? "numbers the rows" : "";
}

Remedy remedy_for(const Dataset& dataset, std::size_t column) {
  return {dataset.is_categorical(column) ? "--categorical" : "--numeric", {dataset.columns[column]}};
}

// Every column is empty or a text that cannot help.
[[noreturn]] void refuse_all(const Dataset& dataset, const std::vector<std::string>& reasons, std::string_view where) {
  const auto text = std::ranges::find_if(reasons, [](const std::string& reason) { return reason != kEmpty; });
  if (text == reasons.end()) {
    throw Error(fmt::format("{}: column {} {}, and no other column can help; add features", where,
                            quote(dataset.columns.front()), kEmpty));
  }
  const auto column = static_cast<std::size_t>(text - reasons.begin());
  const Remedy keep = remedy_for(dataset, column);
  throw Error(fmt::format("{}: column {} {}, and no other column can help; add features, or pass {} to keep it", where,
                          quote(dataset.columns[column]), *text, keep.text()),
              {keep});
}

}  // namespace

void leave_out(std::vector<ReadColumn>& columns, std::string_view name, const std::string& reason) {
  for (ReadColumn& column : columns) {
    if (column.role != ColumnRole::feature || column.name != name) continue;
    column.role = ColumnRole::left_out;
    column.reason = reason;
    return;
  }
}

void drop_uninformative_columns(LoadedData& data, const ReadOptions& options, std::string_view where) {
  Dataset& dataset = data.train;
  std::vector<std::size_t> useless;
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    const std::string& name = dataset.columns[i];
    if (contains(options.numeric, name) || contains(options.categorical, name)) continue;
    const std::string reason = reason_against(dataset, i);
    if (reason.empty()) continue;
    useless.push_back(i);
    reasons.push_back(reason);
  }
  // A number is kept where there is nothing else: the target may be a function of the row's place.
  if (useless.size() == dataset.columns.size()) {
    for (std::size_t k = useless.size(); k-- > 0;) {
      if (dataset.is_categorical(useless[k]) || reasons[k] == kEmpty) continue;
      useless.erase(useless.begin() + static_cast<std::ptrdiff_t>(k));
      reasons.erase(reasons.begin() + static_cast<std::ptrdiff_t>(k));
    }
  }
  if (useless.size() == dataset.columns.size()) refuse_all(dataset, reasons, where);
  for (std::size_t k = 0; k < useless.size(); ++k) {
    const std::string& name = dataset.columns[useless[k]];
    data.notes.push_back(fmt::format("column {} {} and is left out; pass {} to keep it", quote(name), reasons[k],
                                     remedy_for(dataset, useless[k]).text()));
    leave_out(data.columns, name, reasons[k]);
  }
  if (!useless.empty()) dataset = drop_columns(dataset, useless);
}

}  // namespace hillock
