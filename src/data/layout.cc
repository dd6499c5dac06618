// Detects a table's layout from its first lines.
#include "data/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "data/columns.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {

namespace {

using Cells = std::vector<std::string_view>;

// The text from the first line that is not a comment.
std::string_view without_leading_comments(std::string_view text, std::string_view comment) {
  while (!comment.empty() && text.starts_with(comment)) {
    const std::size_t end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  }
  return text;
}

bool holds_wanted_name(const Cells& first, const Layout& layout, const ReadOptions& options) {
  const auto in_first = [&](std::string_view name) {
    return parse_cell(name, layout.rules).kind == CellKind::text &&
           std::find(first.begin(), first.end(), name) != first.end();
  };
  const auto any_in_first = [&](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), in_first);
  };
  std::vector<std::string> targets = split_targets(options.target);
  std::erase(targets, "last");
  if (in_first(options.target) || any_in_first(targets) || any_in_first(options.expected_targets)) return true;
  return any_in_first(options.expected_columns) || any_in_first(options.drop) || any_in_first(options.numeric) ||
         any_in_first(options.categorical) || in_first(options.weights) || in_first(options.group) ||
         in_first(options.time);
}

// One of the first rows of the text.
struct SampleRow {
  std::size_t cells;
  std::string_view text;
};

std::vector<SampleRow> first_rows(const Layout& layout) {
  constexpr int kRows = 20;
  std::vector<SampleRow> rows;
  RowWalker walker = layout.at_table();
  Cells cells;
  for (int row = 0; row < kRows; ++row) {
    const char* const begin = walker.position();
    if (!walker.next(cells)) break;
    std::string_view text(begin, static_cast<std::size_t>(walker.position() - begin));
    text.remove_prefix(std::min(text.find_first_not_of("\r\n \t"), text.size()));
    rows.push_back({cells.size(), text.substr(0, text.find_first_of("\r\n"))});
  }
  return rows;
}

// The number of cells that most rows have.
std::size_t usual_cell_count(const std::vector<SampleRow>& rows) {
  std::map<std::size_t, int> rows_with;
  for (const SampleRow& row : rows) ++rows_with[row.cells];
  return std::max_element(rows_with.begin(), rows_with.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// The number of rows before the table. These are the first rows of one cell. If at least two rows follow and agree,
// they are also the rows with at most half as many cells as those; a row that is short by less is more likely a mistake
// in the file.
std::size_t count_leading_rows(const std::vector<SampleRow>& rows, std::size_t cells_a_row) {
  constexpr std::ptrdiff_t kRowsThatAgree = 2;
  if (cells_a_row == 1) return 0;
  const auto single = std::find_if(rows.begin(), rows.end(), [](const SampleRow& row) { return row.cells != 1; });
  const auto table =
      std::find_if(rows.begin(), rows.end(), [&](const SampleRow& row) { return 2 * row.cells > cells_a_row; });
  const bool agree = rows.end() - table >= kRowsThatAgree &&
                     std::all_of(table, rows.end(), [&](const SampleRow& row) { return row.cells == cells_a_row; });
  return static_cast<std::size_t>((agree ? table : single) - rows.begin());
}

// Whether the header omits the name of the first column, as R writes it: the header has one name less than the rows
// have cells, and the first column could be row names. Any other short header is more likely a mistake in the file.
bool names_rows(const Layout& layout, const std::vector<SampleRow>& rows) {
  constexpr std::size_t kRowsThatAgree = 2;
  if (rows.size() < 1 + kRowsThatAgree || rows[0].cells + 1 != layout.cells_a_row) return false;
  RowWalker walker = layout.at_table();
  Cells cells;
  walker.next(cells);
  for (const std::string_view name : cells) {
    if (parse_cell(name, layout.rules).kind != CellKind::text) return false;
  }
  std::set<std::string, std::less<>> distinct;
  bool texts = true, ascending = true;
  double last = -HUGE_VAL;
  for (std::size_t row = 1; row < rows.size() && walker.next(cells); ++row) {
    if (cells.size() != layout.cells_a_row || !distinct.emplace(cells[0]).second) return false;
    const CellValue value = parse_cell(cells[0], layout.rules);
    texts = texts && value.kind == CellKind::text;
    ascending =
        ascending && value.kind == CellKind::number && value.number > last && value.number == std::floor(value.number);
    last = value.number;
  }
  return texts || ascending;
}

// Skips the lines before the table, unless one of them holds a column name that an option uses: then it is a header
// that is too short, a mistake in the file.
void find_table(Layout& layout, const ReadOptions& options, std::vector<std::string>& notes) {
  const std::vector<SampleRow> rows = first_rows(layout);
  if (rows.empty()) {
    throw Error(fmt::format("{}: is empty; give a file with a row for each example", layout.where));
  }
  layout.cells_a_row = usual_cell_count(rows);
  layout.names_rows = options.header.value_or(true) && names_rows(layout, rows);
  if (layout.names_rows) {
    notes.push_back(
        "the header has one name less than the rows have cells, so the first column is called c1 and taken as the "
        "rows' names");
    return;
  }
  const std::size_t leading = count_leading_rows(rows, layout.cells_a_row);
  RowWalker walker = layout.at_table();
  Cells cells;
  for (std::size_t row = 0; row < leading && walker.next(cells); ++row) {
    if (cells.size() > 1 && holds_wanted_name(cells, layout, options)) return;
  }
  layout.leading_lines = static_cast<int>(leading);
  if (leading == 0) return;
  notes.push_back(fmt::format("{} before the table {} left out (the first: {})", counted(layout.leading_lines, "line"),
                              leading == 1 ? "is" : "are", quote(rows[0].text)));
}

// What the cells below a cell of the first line contain.
struct Below {
  bool numbers = false, texts = false, again = false;  // again: the text of the first line's cell occurs below it
  std::set<std::string, std::less<>> distinct;
};

// Whether the first row is a header. It is if one of its cells is text and the cells below are all numbers; or if all
// of it is text and the values below repeat each other but never those of the first row.
bool sniff_header(const Layout& layout, const ReadOptions& options) {
  constexpr int kRows = 100;
  if (options.header || layout.names_rows) return options.header.value_or(true);
  RowWalker walker = layout.at_table();
  Cells first, cells;
  walker.next(first);
  if (holds_wanted_name(first, layout, options)) return true;
  std::vector<Below> below(first.size());
  int rows = 0;
  for (; rows < kRows && walker.next(cells); ++rows) {
    for (std::size_t i = 0; i < std::min(cells.size(), first.size()); ++i) {
      const CellKind kind = parse_cell(cells[i], layout.rules).kind;
      if (kind == CellKind::number) below[i].numbers = true;
      if (kind == CellKind::text) below[i].texts = true;
      if (cells[i] == first[i]) below[i].again = true;
      below[i].distinct.emplace(cells[i]);
    }
  }
  bool only_texts = true, any_again = false, values_repeat = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool is_text = parse_cell(first[i], layout.rules).kind == CellKind::text;
    if (is_text && below[i].numbers && !below[i].texts) return true;
    only_texts = only_texts && is_text;
    any_again = any_again || below[i].again;
    values_repeat = values_repeat || 2 * below[i].distinct.size() <= static_cast<std::size_t>(rows);
  }
  return only_texts && (rows == 0 || (values_repeat && !any_again));
}

std::vector<std::string> read_names(const Layout& layout) {
  if (!layout.header) return numbered_names(layout.cells_a_row);
  RowWalker walker = layout.at_table();
  Cells cells;
  walker.next(cells);
  if (layout.names_rows) cells.insert(cells.begin(), std::string_view());
  require_cells(layout, cells.size(), walker.line());
  std::vector<std::string> names(cells.begin(), cells.end());
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("c{}", i + 1);
    const auto [other, fresh] = positions.emplace(names[i], i);
    if (!fresh) {
      throw Error(fmt::format("{}: columns {} and {} are both called {}; rename one", layout.where, other->second + 1,
                              i + 1, quote(names[i])));
    }
  }
  return names;
}

// Notes a detected header whose names look like data.
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

}  // namespace

RowWalker Layout::at_table() const {
  RowWalker walker(text, delimiter, where, comment);
  std::size_t cell_count = 0;
  for (int line = 0; line < leading_lines; ++line) walker.skip(cell_count);
  return walker;
}

RowWalker Layout::at_first_row() const {
  RowWalker walker = at_table();
  std::size_t cell_count = 0;
  if (header) walker.skip(cell_count);
  return walker;
}

Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options,
                   std::vector<std::string>& notes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Layout layout;
  layout.text = text;
  layout.where = where;
  layout.comment = options.comment;
  layout.rules = rules_of(options);
  const std::string_view sample = without_leading_comments(text, options.comment);
  layout.delimiter = options.delimiter ? *options.delimiter : sniff_delimiter(sample, options.decimal);
  find_table(layout, options, notes);
  layout.header = sniff_header(layout, options);
  layout.names = read_names(layout);
  if (layout.header && !options.header && options.expected_columns.empty()) note_odd_names(layout, notes);
  return layout;
}

void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line) {
  if (cell_count == layout.cells_a_row) return;
  throw Error(
      fmt::format("{}: line {} has {}, expected {} as in the other lines; correct the line (cells are separated by {})",
                  layout.where, line, counted(static_cast<std::int64_t>(cell_count), "cell"), layout.cells_a_row,
                  layout.delimiter == '\t'  ? "tabs"
                  : layout.delimiter == ' ' ? "spaces"
                                            : quote({&layout.delimiter, 1})));
}

}  // namespace hillock
