// Chooses features and targets by name or by number.
#include "data/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

std::optional<std::size_t> position_of(std::span<const std::string> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// The column that a target's name, "last" or a number counted from 1 refers to; nothing if there is no such column.
std::optional<std::size_t> find_target(std::span<const std::string> names, const std::string& target) {
  if (const auto named = position_of(names, target)) return named;
  if (target == "last") return names.size() - 1;
  std::size_t number = 0;
  const char* const end = target.data() + target.size();
  const auto [stop, error] = std::from_chars(target.data(), end, number);
  if (error != std::errc() || stop != end || number < 1 || number > names.size()) return std::nullopt;
  return number - 1;
}

[[noreturn]] void refuse_target(std::span<const std::string> names, const std::string& target, std::string_view where) {
  const auto nearest = nearest_name(target, names);
  throw Error(fmt::format("{}: has no column {} for the target; {}the columns are {}", where, quote(target),
                          nearest ? fmt::format("did you mean {}? ", quote(*nearest)) : "", list_names(names)));
}

// The columns of several targets. Missing columns are left out, or refused if they are required.
std::vector<std::size_t> find_each_target(std::span<const std::string> names, std::span<const std::string> targets,
                                          bool required, std::string_view where) {
  std::vector<std::size_t> found;
  for (const std::string& target : targets) {
    const auto column = find_target(names, target);
    if (!column && required) refuse_target(names, target, where);
    if (!column) continue;
    if (std::ranges::find(found, *column) != found.end()) {
      throw Error(
          fmt::format("{}: --target names the column {} twice; name each target once", where, quote(names[*column])));
    }
    found.push_back(*column);
  }
  return found;
}

// The columns of a model's targets, or otherwise those that --target names. Missing columns are allowed unless they are
// required.
std::vector<std::size_t> find_targets(std::span<const std::string> names, const ReadOptions& options,
                                      std::string_view where) {
  const std::string& target = options.target;
  if (!options.expected_targets.empty())
    return find_each_target(names, options.expected_targets, options.require_target, where);
  if (target.empty()) {
    if (!options.require_target) return {};
    throw Error(
        fmt::format("{}: no target column is named; pass --target with its name, its number or \"last\" (columns: {})",
                    where, list_names(names)),
        {{"--target", {"last"}}});
  }
  if (const auto found = find_target(names, target)) return {*found};
  if (!options.expected_columns.empty()) {  // of a model, which names each of its targets
    if (!options.require_target) return {};
    refuse_target(names, target, where);
  }
  return find_each_target(names, split_targets(target), options.require_target, where);
}

// Features by name, in the model's order.
std::vector<std::size_t> match_by_name(std::span<const std::string> names, const ReadOptions& options,
                                       std::string_view where) {
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < names.size(); ++i) positions.emplace(names[i], i);
  std::vector<std::size_t> features;
  std::vector<std::string> missing;
  for (const std::string& name : options.expected_columns) {
    const auto found = positions.find(name);
    if (found == positions.end()) {
      missing.push_back(name);
    } else {
      features.push_back(found->second);
    }
  }
  if (missing.empty()) return features;
  if (position_of(names, missing[0] + "#1")) {  // which of them is meant cannot be known
    throw Error(
        fmt::format("{}: several columns are called {}; the model needs one: rename the others (the file has {})",
                    where, quote(missing[0]), list_names(names)));
  }
  const auto nearest = nearest_name(missing[0], names);
  throw Error(
      fmt::format("{}: column {} is missing{}{}; the model needs {}: add or rename columns (the file has {})", where,
                  quote(missing[0]), missing.size() > 1 ? fmt::format(" and {} more", missing.size() - 1) : "",
                  nearest ? fmt::format(" (nearest name: {})", quote(*nearest)) : "",
                  counted(static_cast<std::int64_t>(options.expected_columns.size()), "column"), list_names(names)));
}

// Chooses columns of a source without names for a model, by position. The source may hold the features alone, the
// features followed by the target, or all columns that the model was trained with.
ChosenColumns match_by_position(std::span<const std::string> names, const ReadOptions& options,
                                std::string_view where) {
  const std::vector<std::string>& expected = options.expected_columns;
  ChosenColumns chosen;
  chosen.names = expected;
  const std::unordered_set<std::string_view> known(names.begin(), names.end());
  const bool numbered =
      std::all_of(expected.begin(), expected.end(), [&](const std::string& name) { return known.contains(name); });
  const bool just_features = names.size() == expected.size();
  const std::size_t targets = std::max<std::size_t>(1, options.expected_targets.size());
  if (!numbered && !just_features && names.size() != expected.size() + targets) {
    throw Error(
        fmt::format("{}: has {} without names, but the model needs {}; give these columns in the model's order, or a "
                    "header with their names",
                    where, counted(static_cast<std::int64_t>(names.size()), "column"), expected.size()));
  }
  if (numbered && !just_features) {
    chosen.features = match_by_name(names, options, where);
    if (options.require_target) chosen.targets = find_targets(names, options, where);
    return chosen;
  }
  chosen.features.resize(expected.size());
  std::iota(chosen.features.begin(), chosen.features.end(), std::size_t{0});
  if (!options.require_target) return chosen;
  if (just_features) {
    throw Error(fmt::format("{}: has the model's {} but no target {} {}; add {} as the last {}", where,
                            counted(static_cast<std::int64_t>(expected.size()), "column"),
                            targets == 1 ? "column" : "columns",
                            targets == 1 ? quote(options.target) : list_names(options.expected_targets),
                            targets == 1 ? "it" : "them", targets == 1 ? "column" : "columns"));
  }
  for (std::size_t k = 0; k < targets; ++k) chosen.targets.push_back(expected.size() + k);
  return chosen;
}

// The column that an option refers to. Throws Error if there is none.
std::size_t require_column(std::span<const std::string> names, const std::string& text, const char* option,
                           std::string_view where) {
  if (text != "last" || position_of(names, text)) {
    if (const auto found = find_target(names, text)) return *found;
  }
  const auto nearest = nearest_name(text, names);
  throw Error(fmt::format("{}: has no column {} for {}; {}the columns are {}", where, quote(text), option,
                          nearest ? fmt::format("did you mean {}? ", quote(*nearest)) : "", list_names(names)));
}

// The columns, other than the target, that are not features.
std::set<std::size_t> find_sides(std::span<const std::string> names, const ReadOptions& options, ChosenColumns& chosen,
                                 std::string_view where) {
  std::set<std::size_t> sides;
  const auto find = [&](const std::string& text, const char* option) -> std::optional<std::size_t> {
    if (text.empty()) return std::nullopt;
    const std::size_t found = require_column(names, text, option, where);
    if (std::ranges::find(chosen.targets, found) != chosen.targets.end()) {
      throw Error(fmt::format("{}: column {} is the target and cannot be for {} as well; name another", where,
                              quote(names[found]), option));
    }
    sides.insert(found);
    return found;
  };
  chosen.weights = find(options.weights, "--weights");
  chosen.group = find(options.group, "--group");
  chosen.time = find(options.time, "--time");
  if (options.expected_columns.empty()) {
    for (const std::string& name : options.drop) {
      if (name.empty()) (void)require_column(names, name, "--drop", where);
      (void)find(name, "--drop");
    }
  }
  return sides;
}

// Those of a file for a model: --coerce may name columns that are among them.
std::vector<ColumnKind> kinds_for_model(std::span<const std::string> names, const ReadOptions& options) {
  std::vector<ColumnKind> kinds(names.size(), ColumnKind::open);
  for (const std::string& name : options.coerce) {
    if (const auto found = find_target(names, name)) kinds[*found] = ColumnKind::coerced;
  }
  return kinds;
}

// The kind that the options give each column.
std::vector<ColumnKind> given_kinds(std::span<const std::string> names, const ReadOptions& options,
                                    std::string_view where) {
  std::vector<ColumnKind> kinds(names.size(), ColumnKind::open);
  if (!options.expected_columns.empty()) return kinds_for_model(names, options);
  for (const std::string& name : options.numeric)
    kinds[require_column(names, name, "--numeric", where)] = ColumnKind::numeric;
  for (const std::string& name : options.categorical) {
    ColumnKind& kind = kinds[require_column(names, name, "--categorical", where)];
    if (kind == ColumnKind::numeric) {
      throw Error(fmt::format("{}: column {} is both --numeric and --categorical; leave one out", where, quote(name)),
                  {{"--numeric"}, {"--categorical"}});
    }
    kind = ColumnKind::categorical;
  }
  for (const std::string& name : options.coerce) {
    ColumnKind& kind = kinds[require_column(names, name, "--coerce", where)];
    if (kind == ColumnKind::categorical) {
      throw Error(fmt::format("{}: column {} is both --coerce and --categorical; leave one out", where, quote(name)),
                  {{"--coerce"}, {"--categorical"}});
    }
    kind = ColumnKind::coerced;
  }
  return kinds;
}

}  // namespace

namespace {

[[noreturn]] void refuse_no_features(std::span<const std::string> names, std::span<const std::size_t> targets,
                                     std::string_view where) {
  std::vector<std::string> target_names;
  for (const std::size_t target : targets) target_names.push_back(names[target]);
  if (targets.size() > 1) {
    throw Error(fmt::format("{}: options leave no column beside the targets {}; drop fewer, or name fewer targets",
                            where, list_names(target_names)));
  }
  const std::string name = targets.empty() ? "" : fmt::format(" {}", quote(target_names[0]));
  if (names.size() > 1) {
    throw Error(fmt::format("{}: options leave no column beside the target{}; drop fewer", where, name));
  }
  throw Error(
      fmt::format("{}: has no column beside the target{}; add features, or give --delimiter if its lines hold "
                  "more than one cell",
                  where, name));
}

}  // namespace

std::vector<std::string> numbered_names(std::size_t count, std::string_view before) {
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("{}{}", before, i));
  return names;
}

std::vector<std::string> split_targets(const std::string& target) {
  std::vector<std::string> names;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = target.find(',', begin);
    std::string name = target.substr(begin, comma == std::string::npos ? comma : comma - begin);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    names.push_back(std::move(name));
    if (comma == std::string::npos) return names;
    begin = comma + 1;
  }
}

ChosenColumns choose_columns(std::span<const std::string> names, bool named, const ReadOptions& options,
                             std::string_view where) {
  ChosenColumns chosen;
  if (!options.expected_columns.empty() && !named) {
    chosen = match_by_position(names, options, where);
    chosen.kinds.assign(chosen.features.size(), ColumnKind::open);
    return chosen;
  }
  chosen.targets = find_targets(names, options, where);
  const std::set<std::size_t> sides = find_sides(names, options, chosen, where);
  const std::vector<ColumnKind> kinds = given_kinds(names, options, where);
  if (!options.expected_columns.empty()) {
    chosen.features = match_by_name(names, options, where);
    chosen.names = options.expected_columns;
    for (const std::size_t feature : chosen.features) chosen.kinds.push_back(kinds[feature]);
  } else {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (std::ranges::find(chosen.targets, i) != chosen.targets.end() || sides.contains(i)) continue;
      chosen.features.push_back(i);
      chosen.names.push_back(names[i]);
      chosen.kinds.push_back(kinds[i]);
    }
  }
  if (chosen.features.empty()) refuse_no_features(names, chosen.targets, where);
  for (const std::size_t target : chosen.targets) chosen.target_kinds.push_back(kinds[target]);
  if (!options.require_target) chosen.unread_targets = std::exchange(chosen.targets, {});
  return chosen;
}

std::vector<ReadColumn> read_columns(std::span<const std::string> names, const ChosenColumns& chosen) {
  std::vector<ReadColumn> columns;
  for (const std::string& name : names) {
    columns.push_back({.name = name, .role = ColumnRole::left_out, .reason = "is named by --drop"});
  }
  const auto set = [&](std::size_t position, ColumnRole role) {
    columns[position].role = role;
    columns[position].reason.clear();
  };
  for (const std::size_t feature : chosen.features) set(feature, ColumnRole::feature);
  for (const std::size_t target : chosen.targets) set(target, ColumnRole::target);
  for (const std::size_t target : chosen.unread_targets) set(target, ColumnRole::target);
  if (chosen.weights) set(*chosen.weights, ColumnRole::weights);
  if (chosen.group) set(*chosen.group, ColumnRole::group);
  if (chosen.time) set(*chosen.time, ColumnRole::time);
  return columns;
}

}  // namespace hillock
