// Names of tasks and scales; rows drawn and taken.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "hillock/data.h"
#include "hillock/error.h"

namespace hillock {

std::string_view name_of(Task task) { return task == Task::classification ? "classification" : "regression"; }

Task task_from_name(std::string_view name) {
  for (Task task : {Task::classification, Task::regression}) {
    if (name_of(task) == name) return task;
  }
  throw Error(fmt::format("task: \"{}\" is not a task; use classification or regression", name));
}

std::string_view name_of(Scale scale) {
  switch (scale) {
    case Scale::none: return "none";
    case Scale::standard: return "standard";
    case Scale::minmax: return "minmax";
  }
  return "?";
}

Scale scale_from_name(std::string_view name) {
  for (Scale scale : {Scale::none, Scale::standard, Scale::minmax}) {
    if (name_of(scale) == name) return scale;
  }
  throw Error(fmt::format("scale: \"{}\" is not a scale; use standard, minmax or none", name));
}

namespace {

using Rows = std::vector<std::int64_t>;

// SplitMix64 (Steele, Lea, Flood 2014): a sequence that depends on the seed alone.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // Uniform in [0, bound): what would favour small numbers is drawn again.
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

// Rows by class; all in one group for regression.
std::vector<Rows> group_rows(const Dataset& dataset) {
  const bool by_class = dataset.task == Task::classification && dataset.has_targets();
  std::vector<Rows> groups(by_class ? dataset.classes.size() : 1);
  for (std::int64_t row = 0; row < dataset.rows(); ++row) {
    const auto label = by_class ? dataset.targets.values<std::int32_t>()[static_cast<std::size_t>(row)] : 0;
    groups[static_cast<std::size_t>(label)].push_back(row);
  }
  return groups;
}

// How many of each group to take so that they are `total` together and each is near its share of `fraction`: the whole
// parts first, then one more for the largest remainders. `most` bounds each count.
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

}  // namespace

Split split_rows(const Dataset& dataset, double validation_fraction, double test_fraction, std::uint64_t seed) {
  require_fractions(validation_fraction, test_fraction);
  Split split;
  if (dataset.rows() < kMinRowsToSplit) {
    split.train.resize(static_cast<std::size_t>(dataset.rows()));
    std::iota(split.train.begin(), split.train.end(), std::int64_t{0});
    return split;
  }
  std::vector<Rows> groups = group_rows(dataset);
  std::vector<std::size_t> sizes, spare;  // spare: what may still be set aside, all but one row
  for (const Rows& group : groups) {
    sizes.push_back(group.size());
    spare.push_back(group.empty() ? 0 : group.size() - 1);
  }
  const auto total = [&](double fraction) {
    return static_cast<std::size_t>(std::llround(static_cast<double>(dataset.rows()) * fraction));
  };
  const auto test_counts = apportion(sizes, spare, test_fraction, total(test_fraction));
  for (std::size_t i = 0; i < spare.size(); ++i) spare[i] -= test_counts[i];
  const auto validation_counts = apportion(sizes, spare, validation_fraction, total(validation_fraction));
  SplitMix64 random(seed);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    shuffle(groups[i], random);
    const auto test_end = groups[i].begin() + static_cast<std::ptrdiff_t>(test_counts[i]);
    const auto validation_end = test_end + static_cast<std::ptrdiff_t>(validation_counts[i]);
    split.test.insert(split.test.end(), groups[i].begin(), test_end);
    split.validation.insert(split.validation.end(), test_end, validation_end);
    split.train.insert(split.train.end(), validation_end, groups[i].end());
  }
  for (Rows* part : {&split.train, &split.validation, &split.test}) std::sort(part->begin(), part->end());
  return split;
}

namespace {

// The rows of a tensor whose first axis counts rows.
Tensor gather_rows(const Tensor& source, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> dims(source.shape().dims().begin(), source.shape().dims().end());
  const std::size_t row_bytes = dims[0] == 0 ? 0 : source.bytes() / static_cast<std::size_t>(dims[0]);
  dims[0] = static_cast<std::int64_t>(rows.size());
  Tensor taken(TensorType{source.dtype(), Shape(std::span<const std::int64_t>(dims)), source.type().range});
  const char* from = static_cast<const char*>(source.raw());
  char* to = static_cast<char*>(taken.raw());
  for (std::int64_t row : rows) {
    std::memcpy(to, from + static_cast<std::size_t>(row) * row_bytes, row_bytes);
    to += row_bytes;
  }
  return taken;
}

}  // namespace

Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows) {
  for (std::int64_t row : rows) {
    if (row >= 0 && row < dataset.rows()) continue;
    throw Error(fmt::format("take rows: row {} of \"{}\", which has {} rows; rows count from 0", row, dataset.name,
                            dataset.rows()));
  }
  Dataset taken;
  taken.name = dataset.name;
  taken.task = dataset.task;
  taken.columns = dataset.columns;
  taken.target = dataset.target;
  taken.classes = dataset.classes;
  taken.sample_shape = dataset.sample_shape;
  taken.scale = dataset.scale;
  if (dataset.features.raw() != nullptr) taken.features = gather_rows(dataset.features, rows);
  if (dataset.has_targets()) taken.targets = gather_rows(dataset.targets, rows);
  if (dataset.has_weights()) taken.weights = gather_rows(dataset.weights, rows);
  return taken;
}

}  // namespace hillock
