// Columns and rows of the data, looked at one by one.
#include "warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/wording.h"
#include "leakage.h"

namespace hillock::program {
namespace {

// Fewer rows than these may well agree by chance.
constexpr std::int64_t kMinRows = 20;
// Of the rows of a part that are training rows too: in large tables some rows agree by chance, and these can raise a
// part's accuracy by their share at most.
constexpr double kSharedShare = 0.01;

std::string named(const std::vector<std::string>& names) {
  return fmt::format("{} {}", names.size() == 1 ? "column" : "columns", list_names(names));
}

// The bytes of column `i`, which two columns share if all their cells do.
std::string bytes_of_column(const Dataset& data, std::int64_t i) {
  std::string bytes;
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    const double value = data.features.at(row * data.feature_count() + i) + 0.0;  // one zero
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return bytes;
}

void warn_of_columns(const Dataset& train, std::vector<Warning>& warnings) {
  std::vector<std::string> constant;
  std::map<std::size_t, std::vector<std::int64_t>> alike;  // by hash
  std::vector<std::string> duplicates;
  for (std::int64_t i = 0; i < train.feature_count(); ++i) {
    const std::string bytes = bytes_of_column(train, i);
    const std::string_view first(bytes.data(), sizeof(double));
    bool same = true;
    for (std::size_t at = 0; at < bytes.size() && same; at += sizeof(double)) {
      same = std::string_view(bytes).substr(at, sizeof(double)) == first;
    }
    const std::string& name = train.columns[static_cast<std::size_t>(i)];
    if (same) {
      constant.push_back(name);
      continue;
    }
    std::vector<std::int64_t>& others = alike[std::hash<std::string_view>()(bytes)];
    for (const std::int64_t other : others) {
      if (bytes_of_column(train, other) != bytes) continue;
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

// Cells and target of a row, as bytes.
std::string bytes_of_row(const Dataset& data, std::int64_t row) {
  const std::size_t bytes = static_cast<std::size_t>(data.feature_count()) * size_in_bytes(data.features.dtype());
  std::string text(static_cast<const char*>(data.features.raw()) + static_cast<std::size_t>(row) * bytes, bytes);
  const double target = data.targets.at(row);
  return text.append(reinterpret_cast<const char*>(&target), sizeof target);
}

void warn_of_shared_rows(const Dataset& train, const std::optional<Dataset>& part, const char* name,
                         std::vector<Warning>& warnings) {
  if (!part || part->categories != train.categories) return;
  std::unordered_set<std::size_t> hashes;
  hashes.reserve(static_cast<std::size_t>(train.rows()));
  for (std::int64_t row = 0; row < train.rows(); ++row)
    hashes.insert(std::hash<std::string>()(bytes_of_row(train, row)));
  std::int64_t shared = 0;
  for (std::int64_t row = 0; row < part->rows(); ++row) {
    shared += hashes.contains(std::hash<std::string>()(bytes_of_row(*part, row))) ? 1 : 0;
  }
  if (shared == 0 || static_cast<double>(shared) < kSharedShare * static_cast<double>(part->rows())) return;
  warnings.push_back(
      {"shared-rows",
       fmt::format("{} of {} {} rows ({:.1f} %) are training rows as well, target included: "
                   "what the network remembers counts as skill there",
                   shared, part->rows(), name, 100 * static_cast<double>(shared) / static_cast<double>(part->rows()))});
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
  for (const Leak& leak : find_leaks(train)) {
    const std::string& first = train.columns[leak.first];
    warnings.push_back(
        {"leakage",
         leak.second
             ? fmt::format(
                   "columns {} and {} together give {} to {:.2f} % of its variance: are they known before it is? If "
                   "not, --drop them",
                   quote(first), quote(train.columns[*leak.second]), quote(train.target), 100 * leak.share)
             : fmt::format(
                   "column {} alone predicts {} ({} {:.4f}): is it known before the target is? If not, --drop it",
                   quote(first), quote(train.target), leak.measure, leak.share)});
  }
}

}  // namespace

std::vector<Warning> find_data_warnings(const Parts& parts) {
  std::vector<Warning> warnings;
  if (parts.train.rows() < kMinRows || parts.train.sample_shape.rank() != 1) return warnings;
  warn_of_columns(parts.train, warnings);
  warn_of_leaks(parts.train, warnings);
  warn_of_shared_rows(parts.train, parts.validation, "validation", warnings);
  warn_of_shared_rows(parts.train, parts.test, "test", warnings);
  warn_of_rare_classes(parts.test, warnings);
  return warnings;
}

std::string describe_warnings(const std::vector<Warning>& warnings) {
  if (warnings.empty()) return "";
  std::string text = "what looks wrong\n";
  for (const Warning& warning : warnings) text += fmt::format("  - {}\n", warning.message);
  return text;
}

}  // namespace hillock::program
