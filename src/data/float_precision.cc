// Judges a column first by evenly spaced rows. All rows are examined only if the sampled numbers are equal or lie too
// close together.
#include "data/float_precision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/error.h"
#include "hillock/tensor.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// The number of values that f32 should tell apart within the spread of a column: rounding changes a number by up to
// 2^-24 of its magnitude.
constexpr double kDistinctValues = 0x1p24 / kMagnitudePerSpread;

struct Interval {
  double low = 0, high = 0;

  double width() const { return high - low; }
  bool is_narrow() const { return std::max(std::abs(low), std::abs(high)) > kMagnitudePerSpread * width(); }
};

// One column of a tensor [rows, columns].
class Column {
 public:
  Column(const Tensor& values, std::int64_t column)
      : values_(values), rows_(values.shape()[0]), width_(values.shape()[1]), column_(column) {}

  std::int64_t rows() const { return rows_; }
  double at(std::int64_t row) const { return values_.at(row * width_ + column_); }

  // The interval of the sampled values without the outliers, or of all values if the sampled ones are equal.
  Interval middle() const {
    constexpr std::int64_t kSampled = 1000, kOutliers = 20;
    std::vector<double> sample;
    for (std::int64_t row = 0; row < rows_; row += std::max<std::int64_t>(1, rows_ / kSampled)) {
      if (!std::isnan(at(row))) sample.push_back(at(row));
    }
    std::sort(sample.begin(), sample.end());
    const std::size_t outliers = sample.size() / kOutliers;
    const Interval middle =
        sample.empty() ? Interval() : Interval{sample[outliers], sample[sample.size() - 1 - outliers]};
    return middle.width() > 0 ? middle : range();
  }

  // The largest rounding error that f32 makes in one of the numbers.
  double lost_in_f32() const {
    double lost = 0;
    for (std::int64_t row = 0; row < rows_; ++row) {
      const double value = at(row);
      if (!std::isnan(value)) lost = std::max(lost, std::abs(value - static_cast<double>(static_cast<float>(value))));
    }
    return lost;
  }

 private:
  // From the smallest to the largest number. Stops at the first interval that is not narrow, since more numbers can
  // only widen it.
  Interval range() const {
    std::int64_t row = 0;
    while (row < rows_ && std::isnan(at(row))) ++row;
    if (row == rows_) return {};
    Interval range{at(row), at(row)};
    for (; row < rows_; ++row) {
      const double value = at(row);
      if (value < range.low) range.low = value;
      if (value > range.high) range.high = value;
      if (range.width() > 0 && !range.is_narrow()) break;
    }
    return range;
  }

  const Tensor& values_;
  std::int64_t rows_, width_, column_;
};

bool lies_too_close(const Tensor& exact, std::int64_t column) {
  const Column numbers(exact, column);
  const Interval middle = numbers.middle();
  return middle.width() > 0 && middle.is_narrow() && numbers.lost_in_f32() * kDistinctValues > middle.width();
}

std::vector<std::string> close_columns(const Dataset& dataset) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    if (dataset.is_categorical(i) || dataset.is_date(i) ||
        !lies_too_close(dataset.features, static_cast<std::int64_t>(i)))
      continue;
    names.push_back(dataset.columns[i]);
  }
  const bool numbers = dataset.has_targets() && dataset.task == Task::regression;
  const std::vector<std::string> targets = dataset.all_targets();
  for (std::size_t k = 0; numbers && k < targets.size(); ++k) {
    if (lies_too_close(dataset.targets, static_cast<std::int64_t>(k))) names.push_back(targets[k]);
  }
  return names;
}

void to_f32(Tensor& tensor) {
  if (tensor.raw() != nullptr && tensor.dtype() == DType::f64) tensor = converted(std::move(tensor), DType::f32);
}

}  // namespace

bool may_lose_differences(const Tensor& rounded, std::int64_t column, double lost) {
  if (lost == 0) return false;
  const Interval middle = Column(rounded, column).middle();
  return middle.is_narrow() && lost * kDistinctValues > middle.width();
}

namespace {

// Throws Error for a feature that is a number in f64 and none in f32.
void require_f32_range(const Dataset& dataset, std::string_view where) {
  const std::int64_t width = dataset.feature_count();
  for (std::int64_t at = 0; at < dataset.features.elements(); ++at) {
    const double value = dataset.features.at(at);
    if (!std::isfinite(value) || std::isfinite(static_cast<float>(value))) continue;
    throw Error(fmt::format("{}: column {} holds {}, and numbers of f32 end at 3.4e38: choose f64 or correct it", where,
                            quote(dataset.columns[static_cast<std::size_t>(at % width)]), value));
  }
}

}  // namespace

void settle_dtype(Dataset& dataset, const ReadOptions& options, std::string_view where,
                  std::vector<std::string>& notes) {
  if (dataset.features.dtype() == options.dtype) return;
  const std::vector<std::string> names = close_columns(dataset);
  if (!names.empty()) {
    const bool one = names.size() == 1;
    notes.push_back(fmt::format("{}: {} {} {} numbers too large and close together for f32; {}", where,
                                one ? "column" : "columns", list_names(names), one ? "holds" : "hold",
                                options.widen ? "rows are kept in f64 until they are scaled" : "choose f64"));
  }
  const bool dates = std::ranges::any_of(dataset.dates, [](const auto& form) { return form.has_value(); });
  if (dates && !options.widen) notes.push_back(fmt::format("{}: f32 rounds dates to minutes; choose f64", where));
  if ((!names.empty() || dates) && options.widen) return;
  require_f32_range(dataset, where);
  to_f32(dataset.features);
  to_f32(dataset.targets);
  to_f32(dataset.weights);
}

}  // namespace hillock
