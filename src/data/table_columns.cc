// Decides the kinds of columns. A column is numeric if every present cell is a number and categorical otherwise, but a
// column in which nearly every cell is a number is an Error.
#include "data/table_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostlyNumbers = 0.95;
// The numbers of categories are stored as f32 features, which represent integers up to this one exactly.
constexpr std::size_t kMaxCategories = std::size_t{1} << 24;

bool is_number_with_comma(std::string text) {
  if (text.find(',') == std::string::npos) return false;
  std::replace(text.begin(), text.end(), ',', '.');
  return parse_cell(text).kind == CellKind::number;
}

// What a message advises about texts, and the options it names.
struct Advice {
  std::string text;
  std::vector<Remedy> remedies;
};

Advice advice_on_texts(const FeatureColumn& column, const CellRules& rules) {
  if (rules.decimal == '.' && is_number_with_comma(column.texts.first)) {
    const Remedy decimal{"--decimal", {","}};
    return {fmt::format("pass {} or write decimals with a point", decimal.text()), {decimal}};
  }
  const Remedy missing{"--na", {column.texts.first}}, categorical{"--categorical", {column.name}};
  const std::string na = fmt::format("pass {} to take them as missing", missing.text());
  if (column.closed || column.kind_given)
    return {fmt::format("the column is numeric: correct them, or {}", na), {missing}};
  return {fmt::format("correct them, {}, or pass {} to take every value as a category", na, categorical.text()),
          {missing, categorical}};
}

void refuse_texts(const Layout& layout, const FeatureColumn& column, std::int64_t numbers) {
  const Advice advice = advice_on_texts(column, layout.rules);
  throw Error(fmt::format("{}: column {} has {} among {} ({}); {}", layout.where, quote(column.name),
                          counted(column.texts.count, "text cell"), counted(numbers, "number"), column.texts.places(),
                          advice.text),
              advice.remedies);
}

void refuse_infinite(const Layout& layout, const FeatureColumn& column) {
  const bool finite = std::isfinite(parse_cell(column.infinite.first, layout.rules).number);
  throw Error(fmt::format(
      "{}: column {} has {} ({}); {}", layout.where, quote(column.name),
      counted(column.infinite.count, "infinite cell"), column.infinite.places(),
      finite ? "numbers of f32 end at 3.4e38: choose f64 or correct them" : "correct them or remove these rows"));
}

// Counts the cells of a categorical column that are numbers, and records the others as texts.
std::int64_t count_numbers(FeatureColumn& column, const CellRules& rules) {
  std::int64_t numbers = 0;
  for (std::size_t i = 0; i < column.categories.size(); ++i) {
    if (parse_cell(column.categories[i], rules).kind == CellKind::number) {
      numbers += column.counts[i];
    } else {
      if (column.texts.first.empty()) column.texts.first = column.categories[i];
      column.texts.count += column.counts[i];
    }
  }
  return numbers;
}

// Finds the lines of a column's first text cells.
void find_texts(const Layout& layout, FeatureColumn& column) {
  column.texts = {};
  RowWalker walker = layout.at_first_row();
  for (std::vector<std::string_view> cells; walker.next(cells);) {
    const std::string_view cell = cells[column.source];
    if (parse_cell(cell, layout.rules).kind == CellKind::text) column.texts.add(walker.line(), cell);
  }
}

}  // namespace

void CellsFound::add(std::int64_t line, std::string_view text) {
  constexpr std::size_t kLines = 3;
  if (count++ == 0) first = text;
  if (lines.size() < kLines) lines.push_back(line);
}

std::string CellsFound::places() const {
  if (count == 1) return fmt::format("line {}, {}", lines[0], quote(first));
  return fmt::format("lines {}{}; the first: {}", fmt::join(lines, ", "),
                     count > static_cast<std::int64_t>(lines.size()) ? ", …" : "", quote(first));
}

double FeatureColumn::code_of(std::string_view cell, const CellRules& rules, std::int64_t line) {
  const auto found = codes_.find(cell);
  if (found != codes_.end()) {
    ++counts[found->second];
    return static_cast<double>(found->second);
  }
  if (parse_cell(cell, rules).kind == CellKind::missing) {
    missing.add(line, cell);
    return kNaN;
  }
  if (closed) {
    if (codes_.empty()) {
      for (std::size_t i = 0; i < categories.size(); ++i) codes_.emplace(categories[i], i);
      counts.assign(categories.size(), 0);
      if (codes_.contains(cell)) return code_of(cell, rules, line);
    }
    unseen.add(line, cell);
    return static_cast<double>(categories.size());
  }
  if (categories.size() == kMaxCategories) {
    const Remedy drop{"--drop", {name}};
    throw Error(fmt::format("column {} has more than {} categories; pass {}", quote(name), kMaxCategories, drop.text()),
                {drop});
  }
  codes_.emplace(cell, categories.size());
  categories.emplace_back(cell);
  counts.push_back(1);
  return static_cast<double>(categories.size() - 1);
}

double FeatureColumn::number_of(std::string_view cell, const CellRules& rules, std::int64_t line) {
  const CellValue value = parse_cell(cell, rules);
  if (value.kind == CellKind::text) texts.add(line, cell);
  if (value.kind == CellKind::infinite) infinite.add(line, cell);
  if (value.kind == CellKind::missing) missing.add(line, cell);
  return value.kind == CellKind::number ? value.number : kNaN;
}

std::vector<double> FeatureColumn::sort_categories() {
  std::vector<std::size_t> order(categories.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return categories[a] < categories[b]; });
  std::vector<double> renumbered(categories.size());
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    renumbered[order[i]] = static_cast<double>(i);
    sorted.push_back(std::move(categories[order[i]]));
  }
  categories = std::move(sorted);
  return renumbered;
}

void FeatureColumn::clear() {
  texts = infinite = missing = unseen = {};
  if (closed) {
    std::fill(counts.begin(), counts.end(), 0);
    return;
  }
  categories.clear();
  counts.clear();
  codes_.clear();
}

std::vector<FeatureColumn> guess_columns(const Layout& layout, const ChosenColumns& chosen,
                                         const ReadOptions& options) {
  constexpr int kRows = 1000;
  std::vector<FeatureColumn> columns(chosen.features.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    FeatureColumn& column = columns[i];
    column.name = chosen.names[i];
    column.source = chosen.features[i];
    column.kind_given = chosen.kinds[i] != ColumnKind::open || !options.expected_columns.empty();
    column.categorical = chosen.kinds[i] == ColumnKind::categorical;
    if (i < options.expected_categories.size() && !options.expected_categories[i].empty()) {
      column.categorical = column.closed = true;
      column.categories = options.expected_categories[i];
    }
  }
  RowWalker walker = layout.at_first_row();
  std::vector<std::string_view> cells;
  for (int row = 0; row < kRows && walker.next(cells); ++row) {
    for (FeatureColumn& column : columns) {
      if (column.kind_given || column.categorical || column.source >= cells.size()) continue;
      column.categorical = parse_cell(cells[column.source], layout.rules).kind == CellKind::text;
    }
  }
  return columns;
}

namespace {

// Refuses categories that are numbers in another notation.
template <class Mostly>
void refuse_decimal_commas(const Layout& layout, FeatureColumn& column, Mostly mostly) {
  if (layout.rules.decimal != '.') return;
  std::int64_t with_comma = 0, whole = 0;
  for (std::size_t i = 0; i < column.categories.size(); ++i) {
    if (is_number_with_comma(column.categories[i])) with_comma += column.counts[i];
    if (parse_cell(column.categories[i]).kind == CellKind::number) whole += column.counts[i];
  }
  if (with_comma == 0 || !mostly(with_comma + whole)) return;
  find_texts(layout, column);
  const Remedy decimal{"--decimal", {","}}, categorical{"--categorical", {column.name}};
  throw Error(fmt::format("{}: column {} has numbers with a decimal comma ({}); pass {} to read them, or {} to take "
                          "every value as a category",
                          layout.where, quote(column.name), column.texts.places(), decimal.text(), categorical.text()),
              {decimal, categorical});
}

}  // namespace

bool settle_kinds(const Layout& layout, std::vector<FeatureColumn>& columns, std::int64_t rows) {
  bool changed = false;
  for (FeatureColumn& column : columns) {
    const std::int64_t present = rows - column.missing.count;
    const auto mostly = [&](std::int64_t numbers) {
      return static_cast<double>(numbers) >= kMostlyNumbers * static_cast<double>(present);
    };
    if (column.categorical) {
      if (column.kind_given) continue;
      const std::int64_t numbers = count_numbers(column, layout.rules);
      refuse_decimal_commas(layout, column, mostly);
      if (!mostly(numbers)) continue;
      find_texts(layout, column);
      refuse_texts(layout, column, numbers);
    }
    if (column.texts.count > 0) {
      const std::int64_t numbers = present - column.texts.count;
      if (column.kind_given || mostly(numbers)) refuse_texts(layout, column, numbers);
      column.categorical = changed = true;
    } else if (column.infinite.count > 0) {
      refuse_infinite(layout, column);
    }
  }
  return changed;
}

void note_cells(const std::vector<FeatureColumn>& columns, std::string_view where, std::vector<std::string>& notes) {
  std::int64_t cells = 0;
  std::vector<std::string> named;
  for (const FeatureColumn& column : columns) {
    if (column.unseen.count > 0) {
      notes.push_back(fmt::format("{}: column {} has {} that no training row had ({}); {} as other", where,
                                  quote(column.name), counted(column.unseen.count, "category cell"),
                                  column.unseen.places(), column.unseen.count == 1 ? "it counts" : "they count"));
    }
    if (column.missing.count == 0) continue;
    cells += column.missing.count;
    named.push_back(fmt::format("{} {}", column.name, column.missing.count));
  }
  if (named.empty()) return;
  notes.push_back(fmt::format("{}: {} in {} ({})", where, counted(cells, "missing cell"),
                              counted(static_cast<std::int64_t>(named.size()), "column"), list_names(named)));
}

}  // namespace hillock
