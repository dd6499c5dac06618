// Looks at names and values of single columns.
#include "table/column_suggestions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/error.h"

namespace hillock {
namespace {

// The words of a name, in lower case: "patientId", "patient_id" and "Patient ID" have the same.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  bool before_was_lower = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = std::isupper(byte) != 0, letter = std::isalpha(byte) != 0;
    if (!letter || (upper && before_was_lower)) words.emplace_back();
    if (letter) words.back() += static_cast<char>(std::tolower(byte));
    before_was_lower = letter && !upper;
  }
  std::erase(words, "");
  return words;
}

bool is_called_like_an_id(std::string_view name) {
  constexpr std::array<std::string_view, 14> kWords = {"id",     "patient", "subject",   "person",  "customer",
                                                       "client", "user",    "household", "student", "participant",
                                                       "member", "animal",  "device",    "site"};
  return std::ranges::any_of(words_of(name),
                             [&](const std::string& word) { return std::ranges::find(kWords, word) != kWords.end(); });
}

// The number of rows, and the sums of the target and of its square, for each value of a column.
struct Sums {
  double rows = 0, sum = 0;
};
using ByValue = std::map<double, Sums>;

// The target as a number: a regression's, or 0 and 1 of two classes.
class Target {
 public:
  explicit Target(const Dataset& train) : train_(train) {
    if (!is_number()) return;
    double sum = 0, squares = 0;
    for (std::int64_t row = 0; row < train.rows(); ++row) {
      sum += at(row);
      squares += at(row) * at(row);
    }
    const auto rows = static_cast<double>(train.rows());
    mean_ = sum / rows;
    variance_ = squares / rows - mean_ * mean_;
    if (!(variance_ > 1e-12 * (squares / rows))) variance_ = 0;  // what is left is rounding
  }
  bool is_number() const {
    return train_.target_names.empty() && (train_.task == Task::regression || train_.classes.size() == 2);
  }
  double at(std::int64_t row) const { return train_.targets.at(row); }
  double mean() const { return mean_; }
  double variance() const { return variance_; }

 private:
  const Dataset& train_;
  double mean_ = 0, variance_ = 0;
};

// Codes are few; more values than these are a measurement.
constexpr std::size_t kMostCodes = 100;

// The share of the target's variance that a parabola in the column explains, by least squares.
double explained_by_parabola(const ByValue& values, double rows, double mean, double variance) {
  // The column as x from −1 to 1, so that powers stay tame.
  const double low = values.begin()->first, high = values.rbegin()->first;
  double s[5] = {}, t[3] = {};
  for (const auto& [value, sums] : values) {
    const double x = 2 * (value - low) / (high - low) - 1;
    double power = 1;
    for (int k = 0; k < 5; ++k, power *= x) {
      s[k] += sums.rows * power;
      if (k < 3) t[k] += (sums.sum - sums.rows * mean) * power;
    }
  }
  // Normal equations of three unknowns by elimination; they are regular for three different values or more.
  double a[3][4] = {{s[0], s[1], s[2], t[0]}, {s[1], s[2], s[3], t[1]}, {s[2], s[3], s[4], t[2]}};
  for (int i = 0; i < 3; ++i) {
    for (int j = i + 1; j < 3; ++j) {
      const double factor = a[j][i] / a[i][i];
      for (int k = i; k < 4; ++k) a[j][k] -= factor * a[i][k];
    }
  }
  double c[3] = {};
  for (int i = 2; i >= 0; --i) {
    c[i] = a[i][3];
    for (int k = i + 1; k < 3; ++k) c[i] -= a[i][k] * c[k];
    c[i] /= a[i][i];
  }
  return (c[0] * t[0] + c[1] * t[1] + c[2] * t[2]) / (rows * variance);
}

// R² as it would be expected of new rows: corrected for the number of parameters that were fitted.
double adjusted(double explained, double rows, double parameters) {
  return 1 - (1 - explained) * (rows - 1) / (rows - parameters);
}

bool looks_like_codes(const ByValue& values, const Target& target, std::int64_t row_count) {
  constexpr std::size_t kLeastValues = 4;
  constexpr double kRowsForAValue = 10, kGain = 0.05;
  const auto rows = static_cast<double>(row_count), count = static_cast<double>(values.size());
  if (values.size() < kLeastValues || values.size() > kMostCodes || rows < kRowsForAValue * count) return false;
  const double mean = target.mean(), variance = target.variance();
  if (!(variance > 0)) return false;
  double between = 0;
  for (const auto& [value, sums] : values) {
    const double difference = sums.sum / sums.rows - mean;
    between += sums.rows * difference * difference;
  }
  const double by_value = adjusted(between / (rows * variance), rows, count);
  const double by_parabola = adjusted(explained_by_parabola(values, rows, mean, variance), rows, 3);
  return by_value - by_parabola > kGain;
}

// The different values of a column that has no missing cells and, unless it is categorical, whole numbers alone;
// nothing for other columns, and for more than `most` values.
ByValue values_of(const Dataset& train, std::size_t column, const Target& target, std::size_t most) {
  ByValue values;
  const auto width = train.feature_count();
  for (std::int64_t row = 0; row < train.rows(); ++row) {
    const double value = train.features.at(row * width + static_cast<std::int64_t>(column));
    if (std::isnan(value) || value != std::floor(value)) return {};
    Sums& sums = values[value];
    ++sums.rows;
    if (target.is_number()) sums.sum += target.at(row);
    if (values.size() > most) return {};
  }
  return values;
}

}  // namespace

void suggest_for_columns(std::span<ColumnAccount> columns, const Dataset& train) {
  constexpr std::int64_t kLeastIds = 10;
  constexpr double kRowsForAnId = 1.2;
  if (train.rows() < kMinRowsToSplit || train.sample_shape.rank() != 1) return;
  const Target target(train);
  for (ColumnAccount& column : columns) {
    const auto at = std::ranges::find(train.columns, column.name);
    if (column.role != ColumnRole::feature || at == train.columns.end()) continue;
    const auto index = static_cast<std::size_t>(at - train.columns.begin());
    const bool may_be_id = train.groups.empty() && is_called_like_an_id(column.name);
    const auto most_ids = static_cast<std::size_t>(static_cast<double>(train.rows()) / kRowsForAnId);
    const ByValue values = values_of(train, index, target, may_be_id ? most_ids : std::min(most_ids, kMostCodes));
    if (std::ssize(values) < 2) continue;
    if (std::ssize(values) >= kLeastIds && may_be_id) {
      const Remedy group{"--group", {column.name}};
      column.suggestion = fmt::format("{} keeps rows of one {} on one side of a split", group.text(), column.name);
    } else if (!train.is_categorical(index) && !train.is_date(index) && target.is_number() &&
               looks_like_codes(values, target, train.rows())) {
      const Remedy categorical{"--categorical", {column.name}};
      column.suggestion = fmt::format("if these are codes, {} takes each as a category", categorical.text());
    }
  }
}

}  // namespace hillock
