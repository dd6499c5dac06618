// Draws rows for training, validation and test: by class, by group or by time, and in folds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "data/dataset_check.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

using Rows = std::vector<std::int64_t>;

// SplitMix64 (Steele, Lea, Flood 2014): a sequence that depends on nothing but the seed.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // A uniform number in [0, bound). Draws again for numbers that would favour small results.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t uneven = (0 - bound) % bound;  // 2^64 mod bound
    std::uint64_t draw = next();
    while (draw < uneven) draw = next();
    return draw % bound;
  }

 private:
  std::uint64_t state_;
};

void shuffle(Rows& rows, SplitMix64& random) {
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
}

Rows all_rows(const Dataset& dataset) {
  Rows rows(static_cast<std::size_t>(dataset.rows()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

// The rows of each class; for regression, all rows in one list.
std::vector<Rows> by_class(const Dataset& dataset, const Rows& rows) {
  const bool classes = dataset.task == Task::classification && dataset.has_targets();
  std::vector<Rows> of_class(classes ? dataset.classes.size() : 1);
  for (const std::int64_t row : rows) {
    const auto label = classes ? dataset.targets.values<std::int32_t>()[static_cast<std::size_t>(row)] : 0;
    of_class[static_cast<std::size_t>(label)].push_back(row);
  }
  return of_class;
}

std::size_t share_of(std::size_t rows, double fraction) {
  return static_cast<std::size_t>(std::llround(static_cast<double>(rows) * fraction));
}

void sort_rows(Split& split) {
  for (Rows* indices : {&split.train, &split.validation, &split.test}) std::sort(indices->begin(), indices->end());
}

// How many rows to take of each group so that they add up to `total` and each count is near its share `fraction`: first
// the integer parts of the shares, then one more for the largest remainders. No count exceeds that in `most`.
std::vector<std::size_t> apportion(const std::vector<std::size_t>& sizes, const std::vector<std::size_t>& most,
                                   double fraction, std::size_t total) {
  std::vector<std::size_t> counts(sizes.size());
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto share = [&](std::size_t i) { return static_cast<double>(sizes[i]) * fraction; };
  std::size_t taken = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    counts[i] = std::min(static_cast<std::size_t>(share(i)), most[i]);
    taken += counts[i];
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return share(a) - std::floor(share(a)) > share(b) - std::floor(share(b));
  });
  for (bool more = true; more && taken < total;) {
    more = false;
    for (std::size_t i : order) {
      if (taken == total || counts[i] == most[i]) continue;
      ++counts[i];
      ++taken;
      more = true;
    }
  }
  return counts;
}

void require_fractions(double validation, double test) {
  const bool valid = validation >= 0 && test >= 0 && validation + test < 1;
  if (!valid) {
    throw Error(
        fmt::format("split: fractions {} for validation and {} for test; both must be at least 0 and their sum below 1",
                    validation, test));
  }
}

// Draws from each class in proportion. At least one row of every class stays in train.
Split draw_by_class(const Dataset& dataset, const Rows& rows, double validation, double test, SplitMix64& random) {
  std::vector<Rows> classes = by_class(dataset, rows);
  std::vector<std::size_t> sizes, spare;  // spare: the rows that may be taken, all but one
  for (const Rows& of_class : classes) {
    sizes.push_back(of_class.size());
    spare.push_back(of_class.empty() ? 0 : of_class.size() - 1);
  }
  const auto test_counts = apportion(sizes, spare, test, share_of(rows.size(), test));
  for (std::size_t i = 0; i < spare.size(); ++i) spare[i] -= test_counts[i];
  const auto validation_counts = apportion(sizes, spare, validation, share_of(rows.size(), validation));
  Split split;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    shuffle(classes[i], random);
    const auto test_end = classes[i].begin() + static_cast<std::ptrdiff_t>(test_counts[i]);
    const auto validation_end = test_end + static_cast<std::ptrdiff_t>(validation_counts[i]);
    split.test.insert(split.test.end(), classes[i].begin(), test_end);
    split.validation.insert(split.validation.end(), test_end, validation_end);
    split.train.insert(split.train.end(), validation_end, classes[i].end());
  }
  sort_rows(split);
  return split;
}

template <class T>
void require_one_for_each_row(const Dataset& dataset, std::span<const T> values, std::string_view what) {
  if (static_cast<std::int64_t>(values.size()) == dataset.rows()) return;
  throw Error(fmt::format("split: {} {} for {} rows; give one for each", values.size(), what, dataset.rows()));
}

// The rows of each group. Groups are in the order in which they first occur, so that their names do not matter.
std::vector<Rows> by_group(const Rows& rows, std::span<const std::int32_t> groups) {
  std::unordered_map<std::int32_t, std::size_t> numbers;
  std::vector<Rows> of_group;
  for (const std::int64_t row : rows) {
    const auto [found, is_new] = numbers.try_emplace(groups[static_cast<std::size_t>(row)], of_group.size());
    if (is_new) of_group.emplace_back();
    of_group[found->second].push_back(row);
  }
  return of_group;
}

void shuffle(std::vector<Rows>& groups, SplitMix64& random) {
  for (std::size_t i = groups.size(); i > 1; --i) std::swap(groups[i - 1], groups[random.below(i)]);
}

// Moves whole groups to `taken` in order, as long as each brings its size closer to `wanted` rows; moves at least the
// smallest one. At least `keep` groups stay.
void take_groups(std::vector<Rows>& groups, std::size_t wanted, std::size_t keep, Rows& taken) {
  const auto distance = [&](std::size_t rows) { return rows > wanted ? rows - wanted : wanted - rows; };
  const auto take = [&](std::size_t i) {
    taken.insert(taken.end(), groups[i].begin(), groups[i].end());
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(i));
  };
  for (std::size_t i = 0; i < groups.size() && groups.size() > keep && taken.size() < wanted;) {
    if (distance(taken.size() + groups[i].size()) < distance(taken.size())) {
      take(i);
    } else {
      ++i;
    }
  }
  if (!taken.empty()) return;
  const auto smaller = [](const Rows& a, const Rows& b) { return a.size() < b.size(); };
  take(static_cast<std::size_t>(std::ranges::min_element(groups, smaller) - groups.begin()));
}

Split draw_by_group(const Rows& rows, std::span<const std::int32_t> of_rows, double validation, double test,
                    SplitMix64& random) {
  std::vector<Rows> groups = by_group(rows, of_rows);
  const std::size_t test_rows = share_of(rows.size(), test), validation_rows = share_of(rows.size(), validation);
  const std::size_t splits = 1 + (test_rows > 0 ? 1 : 0) + (validation_rows > 0 ? 1 : 0);
  if (groups.size() < splits) {
    throw Error(
        fmt::format("split: {} for {} splits; each split needs a group of its own: set less aside, or "
                    "group by something else",
                    counted(static_cast<std::int64_t>(groups.size()), "group"), splits));
  }
  shuffle(groups, random);
  Split split;
  if (test_rows > 0) take_groups(groups, test_rows, splits - 1, split.test);
  if (validation_rows > 0) take_groups(groups, validation_rows, 1, split.validation);
  for (const Rows& group : groups) split.train.insert(split.train.end(), group.begin(), group.end());
  sort_rows(split);
  return split;
}

// The index of the entry of the ascending `places` that is nearest to `wanted`; of two equally near, the later one.
std::size_t nearest(std::span<const std::size_t> places, std::size_t wanted) {
  const auto after = std::ranges::lower_bound(places, wanted);
  if (after == places.begin()) return 0;
  const auto index = static_cast<std::size_t>(after - places.begin());
  if (after == places.end()) return index - 1;
  return *after - wanted <= wanted - places[index - 1] ? index : index - 1;
}

Rows rows_by_time(const Dataset& dataset, std::span<const double> order) {
  const auto time = [&](std::int64_t row) { return order[static_cast<std::size_t>(row)]; };
  Rows rows = all_rows(dataset);
  for (const std::int64_t row : rows) {
    if (std::isfinite(time(row))) continue;
    throw Error(
        fmt::format("split: row {} (from 0) has the time {}; give a finite number for each row", row, time(row)));
  }
  std::ranges::stable_sort(rows, [&](std::int64_t a, std::int64_t b) { return time(a) < time(b); });
  return rows;
}

// The positions in `rows` at which the time changes, ascending: a split may begin there.
std::vector<std::size_t> changes_of_time(const Rows& rows, std::span<const double> order) {
  std::vector<std::size_t> changes;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (order[static_cast<std::size_t>(rows[i - 1])] < order[static_cast<std::size_t>(rows[i])]) changes.push_back(i);
  }
  return changes;
}

Split cut_by_time(const Dataset& dataset, std::span<const double> order, double validation, double test) {
  const Rows rows = rows_by_time(dataset, order);
  const std::vector<std::size_t> changes = changes_of_time(rows, order);
  const std::size_t test_rows = share_of(rows.size(), test), validation_rows = share_of(rows.size(), validation);
  const std::size_t cuts = (test_rows > 0 ? 1 : 0) + (validation_rows > 0 ? 1 : 0);
  if (changes.size() < cuts) {
    throw Error(
        fmt::format("split: {} for {} splits; each split needs times of its own: set less aside, "
                    "or order by something finer",
                    counted(static_cast<std::int64_t>(changes.size()) + 1, "different time"), cuts + 1));
  }
  std::span<const std::size_t> left(changes);
  std::size_t test_from = rows.size();
  if (test_rows > 0) {
    const std::size_t index = cuts - 1 + nearest(left.subspan(cuts - 1), rows.size() - test_rows);
    test_from = left[index];
    left = left.first(index);  // at least one is left if there is another cut
  }
  std::size_t validation_from = test_from;
  if (validation_rows > 0) validation_from = left[nearest(left, test_from - std::min(validation_rows, test_from))];
  const auto at = [&](std::size_t place) { return rows.begin() + static_cast<std::ptrdiff_t>(place); };
  Split split{{rows.begin(), at(validation_from)}, {at(validation_from), at(test_from)}, {at(test_from), rows.end()}};
  sort_rows(split);
  return split;
}

// The rows that each fold tests. The rows of one class are dealt out after those of another, so that the sizes of
// folds, and the shares of each class in them, differ by at most one row.
std::vector<Rows> deal_by_class(const Dataset& dataset, std::size_t count, SplitMix64& random) {
  std::vector<Rows> folds(count);
  std::size_t next = 0;
  for (Rows& of_class : by_class(dataset, all_rows(dataset))) {
    shuffle(of_class, random);
    for (const std::int64_t row : of_class) folds[next++ % count].push_back(row);
  }
  return folds;
}

// Deals out the largest groups first, each to the fold with the fewest rows.
std::vector<Rows> deal_by_group(const Dataset& dataset, std::span<const std::int32_t> of_rows, std::size_t count,
                                SplitMix64& random) {
  std::vector<Rows> groups = by_group(all_rows(dataset), of_rows);
  if (groups.size() < count) {
    throw Error(fmt::format("folds: {} for {} folds; ask for fewer folds, or group by something else",
                            counted(static_cast<std::int64_t>(groups.size()), "group"), count));
  }
  shuffle(groups, random);
  std::ranges::stable_sort(groups, [](const Rows& a, const Rows& b) { return a.size() > b.size(); });
  std::vector<Rows> folds(count);
  for (const Rows& group : groups) {
    Rows& smallest = *std::ranges::min_element(folds, [](const Rows& a, const Rows& b) { return a.size() < b.size(); });
    smallest.insert(smallest.end(), group.begin(), group.end());
  }
  return folds;
}

}  // namespace

Split split_rows(const Dataset& dataset, const SplitOptions& options) {
  require_fractions(options.validation, options.test);
  require_rows_fit("split", dataset);
  if (!options.groups.empty()) require_one_for_each_row(dataset, options.groups, "groups");
  if (!options.order.empty()) require_one_for_each_row(dataset, options.order, "times");
  if (!options.groups.empty() && !options.order.empty()) {
    throw Error("split: rows are split by group or by time; give one of them");
  }
  if (dataset.rows() < kMinRowsToSplit) return {.train = all_rows(dataset), .validation = {}, .test = {}};
  SplitMix64 random(options.seed);
  if (!options.order.empty()) return cut_by_time(dataset, options.order, options.validation, options.test);
  if (!options.groups.empty())
    return draw_by_group(all_rows(dataset), options.groups, options.validation, options.test, random);
  return draw_by_class(dataset, all_rows(dataset), options.validation, options.test, random);
}

Split split_rows(const Dataset& dataset, double validation_fraction, double test_fraction, std::uint64_t seed) {
  return split_rows(dataset, {.validation = validation_fraction, .test = test_fraction, .seed = seed});
}

std::vector<Split> folds(const Dataset& dataset, std::int64_t count, const SplitOptions& options) {
  require_fractions(options.validation, options.test);
  if (options.test > 0 || !options.order.empty()) {
    throw Error("folds: each row is tested once, so they take no fraction for the test and no times; leave them out");
  }
  require_rows_fit("folds", dataset);
  if (!options.groups.empty()) require_one_for_each_row(dataset, options.groups, "groups");
  if (count < 2 || count > dataset.rows()) {
    throw Error(fmt::format("folds: {} of {}; ask for 2 to as many as there are rows", counted(count, "fold"),
                            counted(dataset.rows(), "row")));
  }
  SplitMix64 random(options.seed);
  const auto folds = static_cast<std::size_t>(count);
  const std::vector<Rows> tested = options.groups.empty() ? deal_by_class(dataset, folds, random)
                                                          : deal_by_group(dataset, options.groups, folds, random);
  std::vector<Split> splits;
  for (const Rows& test : tested) {
    std::vector<bool> is_test(static_cast<std::size_t>(dataset.rows()));
    for (const std::int64_t row : test) is_test[static_cast<std::size_t>(row)] = true;
    Rows rest = all_rows(dataset);
    std::erase_if(rest, [&](std::int64_t row) { return is_test[static_cast<std::size_t>(row)]; });
    Split split = options.groups.empty() ? draw_by_class(dataset, rest, options.validation, 0, random)
                                         : draw_by_group(rest, options.groups, options.validation, 0, random);
    split.test = test;
    sort_rows(split);
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace hillock
