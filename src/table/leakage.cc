// Looks for leaks with simple models of one or two columns.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "table/audit.h"
#include "train/ranking.h"

namespace hillock {
namespace {

constexpr double kNearly = 0.995;
constexpr double kExactly = 0.9999;
constexpr std::int64_t kMostRows = 100000;
constexpr std::size_t kMostColumns = 300;
constexpr std::size_t kMostInPairs = 60;
constexpr std::int64_t kRowsACategory = 5;
constexpr std::size_t kMostCounts = 10000000;  // categories times classes

// The first rows and columns as f64, with missing numbers replaced by the mean.
struct Columns {
  explicit Columns(const Dataset& train) : rows(static_cast<std::size_t>(std::min(train.rows(), kMostRows))) {
    const auto width = static_cast<std::size_t>(train.feature_count());
    values.resize(std::min(width, kMostColumns));
    for (std::size_t i = 0; i < values.size(); ++i) {
      double sum = 0, count = 0;
      for (std::size_t row = 0; row < rows; ++row) {
        const double value = train.features.at(static_cast<std::int64_t>(row * width + i));
        values[i].push_back(value);
        if (!std::isnan(value)) sum += value, ++count;
      }
      // Missing cells of a categorical column form a category of their own.
      const double fill = train.is_categorical(i) ? static_cast<double>(train.categories[i].size() + 1)
                          : count > 0             ? sum / count
                                                  : 0;
      for (double& value : values[i]) value = std::isnan(value) ? fill : value;
    }
  }

  // Makes target `number` of `count` the one to be predicted.
  void take_target(const Dataset& train, std::size_t number, std::size_t count) {
    target.clear();
    for (std::size_t row = 0; row < rows; ++row)
      target.push_back(train.targets.at(static_cast<std::int64_t>(row * count + number)));
  }

  std::size_t rows;
  std::vector<std::vector<double>> values;
  std::vector<double> target;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Σ (a − mean a)(b − mean b).
double covariance(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean(a), mean_b = mean(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum;
}

// For each row, the mean of `target` over the rows of its category. If `others` is set, the row itself is left out, so
// that the mean over a small category does not contain the row's own target; a category of one row then gets the mean
// of all rows.
std::vector<double> means_by_category(const std::vector<double>& codes, const std::vector<double>& target,
                                      bool others) {
  const auto count = static_cast<std::size_t>(*std::max_element(codes.begin(), codes.end())) + 1;
  std::vector<double> sums(count), rows(count), result;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    sums[static_cast<std::size_t>(codes[i])] += target[i];
    ++rows[static_cast<std::size_t>(codes[i])];
  }
  const double all = mean(target);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto code = static_cast<std::size_t>(codes[i]);
    const double without = rows[code] > 1 ? (sums[code] - target[i]) / (rows[code] - 1) : all;
    result.push_back(others ? without : sums[code] / rows[code]);
  }
  return result;
}

double r_squared(const std::vector<double>& x, const std::vector<double>& y) {
  const double xx = covariance(x, x), yy = covariance(y, y), xy = covariance(x, y);
  return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
}

// The R² of the best plane over x and y, from the 2×2 normal equations.
double r_squared(double xx, double yy, double xy, double xt, double yt, double tt) {
  const double determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-9 * xx * yy) || !(tt > 0)) return 0;
  const double a = (xt * yy - yt * xy) / determinant, b = (yt * xx - xt * xy) / determinant;
  return (a * xt + b * yt) / tt;
}

// The area under the ROC curve of the score for classes 0 and 1; ties count half. If `either` is set, the larger of the
// areas for the score and its negative.
double area(const std::vector<double>& score, const std::vector<double>& label, bool either) {
  const std::vector<std::uint32_t> order = ascending_order(score);
  double negatives = 0, positives = 0, below = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tied_negatives = 0, tied_positives = 0;
    const double value = score[order[i]];
    for (; i < order.size() && score[order[i]] == value; ++i)
      (label[order[i]] == 0 ? tied_negatives : tied_positives) += 1;
    below += tied_positives * (negatives + tied_negatives / 2);
    negatives += tied_negatives;
    positives += tied_positives;
  }
  if (negatives == 0 || positives == 0) return 0;
  return (either ? std::max(below, negatives * positives - below) : below) / (negatives * positives);
}

// The share of errors that are avoided by predicting the most frequent class of each category instead of the most
// frequent class of all rows.
double errors_removed_by_category(const std::vector<double>& codes, const std::vector<double>& target,
                                  std::size_t classes) {
  const auto count = static_cast<std::size_t>(*std::max_element(codes.begin(), codes.end())) + 1;
  std::vector<double> rows(count * classes), of_class(classes);
  for (const double label : target) ++of_class[static_cast<std::size_t>(label)];
  for (std::size_t i = 0; i < codes.size(); ++i) {
    ++rows[static_cast<std::size_t>(codes[i]) * classes + static_cast<std::size_t>(target[i])];
  }
  double right = 0;
  for (std::size_t i = 0; i < rows.size(); i += classes) {
    right += *std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(i),
                               rows.begin() + static_cast<std::ptrdiff_t>(i + classes));
  }
  const double commonest = *std::max_element(of_class.begin(), of_class.end());
  const auto total = static_cast<double>(codes.size());
  return total > commonest ? (right - commonest) / (total - commonest) : 0;
}

// How well column `i` alone predicts the target.
Leak measure(const Dataset& train, const Columns& columns, std::size_t i) {
  const std::vector<double>& values = columns.values[i];
  const bool categorical = train.is_categorical(i);
  if (categorical && static_cast<std::int64_t>(train.categories[i].size()) * kRowsACategory > train.rows())
    return {i, {}, "", 0};
  if (train.task == Task::regression) {
    return {i,
            {},
            "R²",
            r_squared(categorical ? means_by_category(values, columns.target, false) : values, columns.target)};
  }
  if (train.classes.size() == 2) {
    return {i,
            {},
            "AUC",
            area(categorical ? means_by_category(values, columns.target, true) : values, columns.target, !categorical)};
  }
  if (!categorical || train.categories[i].size() * train.classes.size() > kMostCounts) return {i, {}, "", 0};
  return {i, {}, "errors removed", errors_removed_by_category(values, columns.target, train.classes.size())};
}

// The covariances of pairs of columns, which are the same for every target.
class Covariances {
 public:
  explicit Covariances(const Columns& columns) : columns_(columns) {}
  double operator()(std::size_t a, std::size_t b) {
    const auto [known, is_new] = known_.try_emplace({a, b}, 0);
    if (is_new) known->second = covariance(columns_.values[a], columns_.values[b]);
    return known->second;
  }

 private:
  const Columns& columns_;
  std::map<std::pair<std::size_t, std::size_t>, double> known_;
};

void find_pairs(const Dataset& train, const Columns& columns, Covariances& among, const std::vector<bool>& leaks,
                std::vector<Leak>& found) {
  std::vector<std::size_t> numeric;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    if (!train.is_categorical(i) && !leaks[i] && numeric.size() < kMostInPairs) numeric.push_back(i);
  }
  const double tt = covariance(columns.target, columns.target);
  std::vector<double> own, with_target;
  for (const std::size_t i : numeric) {
    own.push_back(among(i, i));
    with_target.push_back(covariance(columns.values[i], columns.target));
  }
  for (std::size_t a = 0; a < numeric.size(); ++a) {
    for (std::size_t b = a + 1; b < numeric.size(); ++b) {
      const double ab = among(numeric[a], numeric[b]);
      const double share = r_squared(own[a], own[b], ab, with_target[a], with_target[b], tt);
      if (share >= kExactly) found.push_back({numeric[a], numeric[b], "R²", std::min(share, 1.0)});
    }
  }
}

// Leaks of the target that `columns` holds.
std::vector<Leak> leaks_of(const Dataset& train, const Columns& columns, Covariances& among) {
  std::vector<Leak> found;
  std::vector<bool> leaks(columns.values.size());
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const Leak leak = measure(train, columns, i);
    leaks[i] = leak.share >= kNearly;
    if (leaks[i]) found.push_back(leak);
  }
  if (train.task == Task::regression) find_pairs(train, columns, among, leaks, found);
  return found;
}

}  // namespace

std::vector<Leak> leaks_of(const Dataset& train) {
  const std::size_t targets = train.all_targets().size();
  Columns columns(train);
  Covariances among(columns);
  std::vector<Leak> found;
  for (std::size_t target = 0; target < targets; ++target) {
    columns.take_target(train, target, targets);
    for (Leak leak : leaks_of(train, columns, among)) {
      leak.target = target;
      found.push_back(leak);
    }
  }
  return found;
}

}  // namespace hillock
