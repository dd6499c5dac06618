// Examines the columns and rows of the data.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "hillock/text.h"
#include "table/audit.h"
#include "table/check.h"

namespace hillock {
namespace {

// In fewer rows than these, columns may agree by chance.
constexpr std::int64_t kMinRows = 20;
// The minimal share of a split's rows that are also training rows. In large tables some rows agree by chance; their
// share is also the most by which they can raise a split's accuracy.
constexpr double kSharedShare = 0.01;

std::string named(const std::vector<std::string>& names) {
  return fmt::format("{} {}", names.size() == 1 ? "column" : "columns", list_names(names));
}

// The bits of a cell. Both zeros have the same bits.
std::uint64_t bits_of(const Dataset& data, std::int64_t row, std::int64_t column) {
  return std::bit_cast<std::uint64_t>(data.features.at(row * data.feature_count() + column) + 0.0);
}

bool same_columns(const Dataset& data, std::int64_t a, std::int64_t b) {
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    if (bits_of(data, row, a) != bits_of(data, row, b)) return false;
  }
  return true;
}

// Extends the hash of a sequence by one value.
std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 32);
}

// What one walk over the rows finds out about each column.
struct ColumnBits {
  std::uint64_t hash = 0, first = 0;
  bool constant = true;
};

std::vector<ColumnBits> bits_of_columns(const Dataset& data) {
  std::vector<ColumnBits> columns(data.columns.size());
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::uint64_t bits = bits_of(data, row, static_cast<std::int64_t>(i));
      if (row == 0) columns[i].first = bits;
      columns[i].constant = columns[i].constant && bits == columns[i].first;
      columns[i].hash = mixed(columns[i].hash, bits);
    }
  }
  return columns;
}

void warn_of_columns(const Dataset& train, std::vector<Warning>& warnings) {
  std::vector<std::string> constant;
  std::map<std::uint64_t, std::vector<std::int64_t>> alike;  // by hash
  std::vector<std::string> duplicates;
  const std::vector<ColumnBits> columns = bits_of_columns(train);
  for (std::int64_t i = 0; i < train.feature_count(); ++i) {
    const ColumnBits& column = columns[static_cast<std::size_t>(i)];
    const std::string& name = train.columns[static_cast<std::size_t>(i)];
    if (column.constant) {
      constant.push_back(name);
      continue;
    }
    std::vector<std::int64_t>& others = alike[column.hash];
    for (const std::int64_t other : others) {
      if (!same_columns(train, other, i)) continue;
      duplicates.push_back(fmt::format("{} = {}", name, train.columns[static_cast<std::size_t>(other)]));
      break;
    }
    others.push_back(i);
  }
  if (!constant.empty()) {
    warnings.push_back(
        {"constant-columns", fmt::format("{} {} the same value in every training row; --drop {}", named(constant),
                                         constant.size() == 1 ? "has" : "have", constant.size() == 1 ? "it" : "them")});
  }
  if (!duplicates.empty()) {
    warnings.push_back({"duplicate-columns", fmt::format("columns hold the same as others ({}); --drop one of each",
                                                         list_names(duplicates))});
  }
}

// A hash of each row's cells and targets.
std::vector<std::uint64_t> hashes_of_rows(const Dataset& data) {
  const std::size_t bytes = static_cast<std::size_t>(data.feature_count()) * size_in_bytes(data.features.dtype());
  const char* const cells = static_cast<const char*>(data.features.raw());
  const std::int64_t targets = std::ssize(data.all_targets());  // per row
  std::vector<std::uint64_t> hashes;
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    const std::string_view own(cells + static_cast<std::size_t>(row) * bytes, bytes);
    std::uint64_t& hash = hashes.emplace_back(std::hash<std::string_view>()(own));
    for (std::int64_t k = 0; k < targets; ++k)
      hash = mixed(hash, std::bit_cast<std::uint64_t>(data.targets.at(row * targets + k) + 0.0));
  }
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

// `hashes` are the sorted hashes of the training rows.
void warn_of_shared_rows(const Dataset& train, const std::vector<std::uint64_t>& hashes,
                         const std::optional<Dataset>& split, const char* name, std::vector<Warning>& warnings) {
  if (!split || split->categories != train.categories) return;
  std::int64_t shared = 0;
  auto at = hashes.begin();
  for (const std::uint64_t hash : hashes_of_rows(*split)) {
    at = std::find_if(at, hashes.end(), [&](std::uint64_t other) { return other >= hash; });
    shared += at != hashes.end() && *at == hash ? 1 : 0;
  }
  if (shared == 0 || static_cast<double>(shared) < kSharedShare * static_cast<double>(split->rows())) return;
  warnings.push_back(
      {"shared-rows", fmt::format("{} of {} {} rows ({:.1f} %) are training rows as well, target included: "
                                  "what the network remembers counts as skill there",
                                  shared, split->rows(), name,
                                  100 * static_cast<double>(shared) / static_cast<double>(split->rows()))});
}

void warn_of_rare_classes(const std::optional<Dataset>& test, std::vector<Warning>& warnings) {
  constexpr std::int64_t kEnough = 10;
  if (!test || test->task != Task::classification) return;
  std::vector<std::int64_t> counts(test->classes.size());
  for (std::int64_t row = 0; row < test->rows(); ++row) ++counts[static_cast<std::size_t>(test->targets.at(row))];
  std::vector<std::string> rare;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < kEnough) rare.push_back(fmt::format("{}: {}", test->classes[i], counts[i]));
  }
  if (rare.empty()) return;
  warnings.push_back({"rare-classes", fmt::format("too few test rows to judge some classes ({})", list_names(rare))});
}

void warn_of_leaks(const Dataset& train, std::vector<Warning>& warnings) {
  const std::vector<std::string> targets = train.all_targets();
  for (const Leak& leak : leaks_of(train)) {
    const std::string& first = train.columns[leak.first];
    const std::string& target = targets[leak.target];
    warnings.push_back(
        {"leakage",
         leak.second
             ? fmt::format(
                   "columns {} and {} together give {} to {:.2f} % of its variance: are they known before it is? If "
                   "not, --drop them",
                   quote(first), quote(train.columns[*leak.second]), quote(target), 100 * leak.share)
             : fmt::format(
                   "column {} alone predicts {} ({} {:.4f}): is it known before the target is? If not, --drop it",
                   quote(first), quote(target), leak.measure, leak.share)});
  }
}

}  // namespace

std::vector<Warning> find_data_warnings(const TableSplits& splits) {
  std::vector<Warning> warnings;
  if (splits.train.rows() < kMinRows || splits.train.sample_shape.rank() != 1) return warnings;
  warn_of_columns(splits.train, warnings);
  warn_of_leaks(splits.train, warnings);
  if (splits.validation || splits.test) {
    const std::vector<std::uint64_t> hashes = hashes_of_rows(splits.train);
    warn_of_shared_rows(splits.train, hashes, splits.validation, "validation", warnings);
    warn_of_shared_rows(splits.train, hashes, splits.test, "test", warnings);
  }
  warn_of_rare_classes(splits.test, warnings);
  return warnings;
}

std::vector<Warning> audit_table(const TableSplits& splits) {
  require_consistent(splits.train, "audit_table: the training rows");
  if (splits.validation) require_consistent(*splits.validation, "audit_table: the validation rows");
  if (splits.test) require_consistent(*splits.test, "audit_table: the test rows");
  return find_data_warnings(splits);
}

std::vector<Leak> find_leaks(const Dataset& train) {
  require_consistent(train, "find_leaks: the rows");
  return leaks_of(train);
}

}  // namespace hillock
