// What the first row holds against what the rows below it hold.
#include "data/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "data/columns.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

using Cells = std::vector<std::string_view>;

// What the cells below a cell of the first row are.
struct Below {
  bool numbers = false, texts = false, again = false;  // again: the first row's cell comes once more
  bool fractions = true;                               // all of them
  std::set<std::string, std::less<>> distinct;
  bool dressed = false, words = false;  // texts that are numbers with a unit, a currency or marks; other texts
};

// The cells of a row that are whole numbers, written with digits alone; none if another cell is a number.
std::vector<double> whole_numbers(const Cells& row, const CellRules& rules) {
  std::vector<double> numbers;
  for (const std::string_view cell : row) {
    const CellValue value = parse_cell(cell, rules);
    if (value.kind != CellKind::number) continue;
    if (cell.find_first_not_of("0123456789") != std::string_view::npos) return {};
    numbers.push_back(value.number);
  }
  return numbers;
}

bool ascend_by_one(const std::vector<double>& numbers) {
  return numbers.size() > 1 &&
         std::ranges::adjacent_find(numbers, [](double a, double b) { return b != a + 1; }) == numbers.end();
}

bool are_years(const std::vector<double>& numbers) {
  constexpr double kFirst = 1800, kLast = 2100;
  return numbers.size() > 1 && std::ranges::all_of(numbers, [](double n) { return n >= kFirst && n <= kLast; });
}

bool ascend(const std::vector<double>& numbers) {
  return std::ranges::adjacent_find(numbers, std::greater_equal<>()) == numbers.end();
}

// The first row beside those below it.
struct Comparison {
  std::vector<Below> below;
  int rows = 0;                                   // below
  bool any_by_one = false, any_of_years = false;  // a row below looks like column numbers or years
};

Comparison compare_with_first(RowWalker& walker, const Cells& first, const Layout& layout) {
  constexpr int kRows = 100;
  Comparison seen;
  seen.below.resize(first.size());
  Cells cells;
  for (; seen.rows < kRows && walker.next(cells); ++seen.rows) {
    for (std::size_t i = 0; i < std::min(cells.size(), first.size()); ++i) {
      Below& below = seen.below[i];
      const CellValue value = parse_cell(cells[i], layout.rules);
      if (value.kind == CellKind::number) {
        below.numbers = true;
        below.fractions = below.fractions && value.number != std::floor(value.number);
      }
      if (value.kind == CellKind::text) {
        below.texts = true;
        (guess_kind(cells[i], layout.rules) == CellKind::number ? below.dressed : below.words) = true;
      }
      if (cells[i] == first[i]) below.again = true;
      below.distinct.emplace(cells[i]);
    }
    const std::vector<double> numbers = whole_numbers(cells, layout.rules);
    seen.any_by_one = seen.any_by_one || ascend_by_one(numbers);
    seen.any_of_years = seen.any_of_years || are_years(numbers);
  }
  return seen;
}

// Whether the numbers of the first row, where they stand above numbers, are those of columns (0, 1, 2, …) or years.
// Texts beside them must not come again, and the cell above an index may be empty.
bool numbers_columns(const Cells& first, const Comparison& seen, const CellRules& rules) {
  constexpr int kRowsBelow = 2, kManyRows = 10;
  constexpr std::size_t kMany = 4;  // as many hardly ascend by chance
  if (seen.rows < kRowsBelow) return false;
  const std::vector<double> numbers = whole_numbers(first, rules);
  bool fractions = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const CellKind kind = parse_cell(first[i], rules).kind;
    if (kind == CellKind::infinite || (kind == CellKind::missing && i > 0)) return false;
    if (kind == CellKind::text && seen.below[i].again) return false;
    if (kind != CellKind::number) continue;
    if (!seen.below[i].numbers || seen.below[i].texts) return false;
    fractions = fractions || seen.below[i].fractions;
  }
  if (are_years(numbers) && ascend(numbers) && !seen.any_of_years) return true;
  if (!ascend_by_one(numbers) || seen.any_by_one) return false;
  const bool from_the_start = numbers[0] == 0 || (numbers[0] == 1 && seen.rows >= kManyRows);
  return fractions || numbers.size() >= kMany || (from_the_start && numbers.size() > 2);
}

// Columns of one name are told apart by a number behind it, so that each can be asked for.
void number_equal_names(std::vector<std::string>& names, std::vector<std::string>& notes) {
  std::map<std::string, std::vector<std::size_t>> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns[names[i]].push_back(i);
  for (const auto& [name, places] : columns) {
    if (places.size() == 1) continue;
    std::string mark = "#";
    while (columns.contains(name + mark + "1") || columns.contains(name + mark + "2")) mark += '#';
    std::vector<std::size_t> numbers;
    for (std::size_t k = 0; k < places.size(); ++k) {
      names[places[k]] = fmt::format("{}{}{}", name, mark, k + 1);
      numbers.push_back(places[k] + 1);
    }
    notes.push_back(fmt::format("columns {} are all called {}; here they are called {}, {}{}", fmt::join(numbers, ", "),
                                quote(name), quote(names[places[0]]), quote(names[places[1]]),
                                places.size() > 2 ? ", …" : ""));
  }
}

// Whether a model's columns, which are called by numbers, all stand in the row.
bool holds_numbered_names(const Cells& row, const ReadOptions& options) {
  return options.expected_columns.size() > 1 &&
         std::ranges::all_of(options.expected_columns,
                             [&](const std::string& name) { return std::ranges::find(row, name) != row.end(); });
}

}  // namespace

bool holds_wanted_name(const Cells& row, const Layout& layout, const ReadOptions& options) {
  const auto in_row = [&](std::string_view name) {
    return parse_cell(name, layout.rules).kind == CellKind::text &&
           std::find(row.begin(), row.end(), name) != row.end();
  };
  const auto any_in_row = [&](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), in_row);
  };
  std::vector<std::string> targets = split_targets(options.target);
  std::erase(targets, "last");
  if (in_row(options.target) || any_in_row(targets) || any_in_row(options.expected_targets)) return true;
  return any_in_row(options.expected_columns) || any_in_row(options.drop) || any_in_row(options.numeric) ||
         any_in_row(options.categorical) || any_in_row(options.coerce) || in_row(options.weights) ||
         in_row(options.group) || in_row(options.time);
}

bool sniff_header(const Layout& layout, const ReadOptions& options) {
  if (options.header || layout.names_rows) return options.header.value_or(true);
  RowWalker walker = layout.at_table();
  Cells first;
  walker.next(first);
  if (holds_wanted_name(first, layout, options) || holds_numbered_names(first, options)) return true;
  const Comparison seen = compare_with_first(walker, first, layout);
  bool only_texts = true, any_again = false, values_repeat = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool is_text = parse_cell(first[i], layout.rules).kind == CellKind::text;
    const Below& below = seen.below[i];
    if (is_text && below.numbers && !below.texts) return true;
    if (below.dressed && !below.words && guess_kind(first[i], layout.rules) == CellKind::text) return true;
    only_texts = only_texts && is_text;
    any_again = any_again || below.again;
    values_repeat = values_repeat || 2 * below.distinct.size() <= static_cast<std::size_t>(seen.rows);
  }
  if (only_texts) return seen.rows == 0 || (values_repeat && !any_again);
  // A model's columns have the names they have: a row of numbers that are others is one of the data.
  const bool for_the_model = std::ranges::find(options.expected_columns, first[0]) != options.expected_columns.end();
  return (options.expected_columns.empty() || for_the_model) && numbers_columns(first, seen, layout.rules);
}

std::vector<std::string> read_names(const Layout& layout, std::vector<std::string>& notes) {
  const std::size_t columns = layout.cells_a_row - layout.empty_cells;
  if (!layout.header) return numbered_names(columns);
  RowWalker walker = layout.at_table();
  Cells cells;
  walker.next(cells);
  if (layout.names_rows) cells.insert(cells.begin(), std::string_view());
  const bool one_too_many = cells.size() > columns && cells.size() > layout.cells_a_row;
  while (cells.size() > columns && cells.back().empty()) cells.pop_back();
  if (cells.size() != columns) require_cells(layout, cells.size(), walker.line());
  if (one_too_many) notes.push_back("the header ends in a delimiter; the column without a name is left out");
  std::vector<std::string> names(cells.begin(), cells.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("c{}", i + 1);
  }
  number_equal_names(names, notes);
  return names;
}

void note_odd_names(const Layout& layout, std::vector<std::string>& notes) {
  for (const std::string& name : layout.names) {
    if (parse_cell(name, layout.rules).kind != CellKind::number) continue;
    notes.push_back(
        fmt::format("the first line is taken as the columns' names ({}) although {} is a number; pass --header no if "
                    "it holds data",
                    list_names(layout.names), quote(name)));
    return;
  }
}

}  // namespace hillock
