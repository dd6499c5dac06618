// Detects a table's layout from its first lines.
#include "data/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "data/header.h"
#include "data/margins.h"
#include "data/sniff.h"
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

// One row of the first ones.
struct SampleRow {
  std::size_t cells;
  std::size_t empty_at_end;  // of the cells
  bool texts;                // all of them, and none is empty
  std::string_view text;
};

std::vector<SampleRow> first_rows(const Layout& layout) {
  constexpr std::size_t kRows = 500, kFewRows = 20, kBytes = 1 << 20;
  std::vector<SampleRow> rows;
  RowWalker walker = layout.at_table();
  Cells cells;
  while (rows.size() < kRows) {
    const char* const begin = walker.position();
    if (rows.size() >= kFewRows && begin - layout.text.data() > std::ptrdiff_t{kBytes}) break;
    if (!walker.next(cells)) break;
    std::string_view text(begin, static_cast<std::size_t>(walker.position() - begin));
    text.remove_prefix(std::min(text.find_first_not_of("\r\n \t"), text.size()));
    const auto filled = std::find_if(cells.rbegin(), cells.rend(), [](std::string_view cell) { return !cell.empty(); });
    const bool texts = std::ranges::all_of(
        cells, [&](std::string_view cell) { return parse_cell(cell, layout.rules).kind == CellKind::text; });
    rows.push_back({cells.size(), static_cast<std::size_t>(filled - cells.rbegin()), texts,
                    text.substr(0, text.find_first_of("\r\n"))});
  }
  return rows;
}

// Where the rows at the end that have equally many cells begin.
std::size_t begin_of_last_run(const std::vector<SampleRow>& rows) {
  std::size_t begin = rows.size() - 1;
  while (begin > 0 && rows[begin - 1].cells == rows.back().cells) --begin;
  return begin;
}

// The number of cells that most rows have; where most are lines of one cell before a table, that of the table's rows.
std::size_t usual_cell_count(const std::vector<SampleRow>& rows) {
  constexpr std::size_t kRowsThatAgree = 3;
  std::map<std::size_t, int> rows_with;
  for (const SampleRow& row : rows) ++rows_with[row.cells];
  const std::size_t usual = std::max_element(rows_with.begin(), rows_with.end(), [](const auto& a, const auto& b) {
                              return a.second < b.second;
                            })->first;
  const bool table_follows = rows.back().cells > 1 && rows.size() - begin_of_last_run(rows) >= kRowsThatAgree;
  return usual == 1 && table_follows ? rows.back().cells : usual;
}

// Whether a row names columns above numbers.
bool heads_numbers(const std::vector<SampleRow>& rows, std::size_t row) {
  return row + 1 < rows.size() && rows[row].texts &&
         std::ranges::none_of(rows.begin() + static_cast<std::ptrdiff_t>(row) + 1, rows.end(), &SampleRow::texts);
}

// How many rows come before the table: those of one cell; or of at most half the cells of the rows that follow, if
// there are several of these and they agree; or, if a row that names columns follows, whatever comes before it, and
// lines that begin with # in any case. A row that begins short by less is a slip.
std::size_t count_leading_rows(const std::vector<SampleRow>& rows, std::size_t cells_a_row) {
  constexpr std::ptrdiff_t kRowsThatAgree = 2;
  if (cells_a_row == 1) return 0;
  const auto remarks_end =
      std::find_if(rows.begin(), rows.end(), [](const SampleRow& row) { return !row.text.starts_with('#'); });
  const std::size_t remarks = static_cast<std::size_t>(remarks_end - rows.begin());
  const std::size_t run = std::max(begin_of_last_run(rows), remarks);
  const bool only_run = std::none_of(remarks_end, rows.begin() + static_cast<std::ptrdiff_t>(run),
                                     [&](const SampleRow& row) { return row.cells == cells_a_row; });
  if (only_run && run < rows.size() && rows[run].cells == cells_a_row && heads_numbers(rows, run)) return run;
  const auto single = std::find_if(rows.begin(), rows.end(), [](const SampleRow& row) { return row.cells != 1; });
  std::size_t filled = 1;  // cells of a row that are not empty everywhere
  for (const SampleRow& row : rows) {
    if (row.cells == cells_a_row) filled = std::max(filled, cells_a_row - row.empty_at_end);
  }
  const auto table =
      std::find_if(rows.begin(), rows.end(), [&](const SampleRow& row) { return 2 * row.cells > filled; });
  const bool agree = rows.end() - table >= kRowsThatAgree &&
                     std::all_of(table, rows.end(), [&](const SampleRow& row) { return row.cells == cells_a_row; });
  return static_cast<std::size_t>((agree ? table : single) - rows.begin());
}

// Whether the header omits the name of the first column, as R writes it: the header has one name less than the rows
// have cells, and the first column could be row names. Any other short header is more likely a mistake in the file.
bool names_rows(const Layout& layout, const std::vector<SampleRow>& rows) {
  constexpr std::size_t kRowsThatAgree = 2;
  if (rows.size() < 1 + kRowsThatAgree || rows[0].cells + 1 != layout.cells_a_row) return false;
  if (std::all_of(rows.begin() + 1, rows.end(), [](const SampleRow& row) { return row.empty_at_end > 0; }))
    return false;
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

// How many cells at the end of every row are empty and belong to no name: what a delimiter at the end of lines makes.
std::size_t count_empty_cells(const Layout& layout) {
  RowWalker walker = layout.at_table();
  Cells cells;
  std::size_t most = layout.cells_a_row - 1;
  if (layout.header) {
    if (layout.names_rows || !walker.next(cells)) return 0;
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    if (cells.empty() || cells.size() >= layout.cells_a_row) return 0;
    most = layout.cells_a_row - cells.size();
  }
  std::size_t empty = most;
  while (empty > 0 && walker.next(cells)) {
    if (cells.size() != layout.cells_a_row) continue;
    std::size_t here = 0;
    while (here < empty && cells[cells.size() - 1 - here].empty()) ++here;
    empty = here;
    walker.forget_cells();
  }
  return layout.header && empty < most ? 0 : empty;  // some name is missing
}

void leave_out_empty_cells(Layout& layout, std::vector<std::string>& notes) {
  if (layout.cells_a_row < 2) return;
  const std::vector<SampleRow> rows = first_rows(layout);
  const bool sampled = std::all_of(rows.begin() + (layout.header ? 1 : 0), rows.end(), [&](const SampleRow& row) {
    return row.cells != layout.cells_a_row || row.empty_at_end > 0;
  });
  if (layout.cells_a_row < 2 || !sampled) return;
  layout.empty_cells = count_empty_cells(layout);
  if (layout.empty_cells == 0) return;
  notes.push_back(
      layout.empty_cells == 1
          ? "every line ends in a delimiter; the empty column behind it is left out"
          : fmt::format("every line ends in delimiters; the {} empty columns there are left out", layout.empty_cells));
}

void pass_over(RowWalker& walker, int rows) {
  std::size_t cell_count = 0;
  for (int row = 0; row < rows; ++row) walker.skip(cell_count);
}

}  // namespace

RowFormat Layout::format() const {
  return {.delimiter = delimiter,
          .quote = quote,
          .backslash_escapes = backslash_escapes,
          .comment = comment,
          .first_line = first_line,
          .empty_rows = empty_rows};
}

RowWalker Layout::at_table() const {
  RowWalker walker(text, format(), where);
  pass_over(walker, leading_lines);
  return walker;
}

RowWalker Layout::at_first_row() const {
  RowWalker walker = at_table();
  if (header) pass_over(walker, 1);
  if (cells_a_row == 1) walker.take_blank_lines();
  return walker;
}

Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options,
                   std::vector<std::string>& notes) {
  Layout layout;
  const InnerText inner = cut_margins(text, where, options, notes);
  layout.text = inner.text;
  layout.first_line = inner.first_line;
  layout.where = where;
  layout.comment = options.comment;
  layout.rules = rules_of(options);
  layout.empty_rows = !options.require_target;
  ReadOptions known = options;
  if (inner.delimiter) known.delimiter = inner.delimiter;
  const Writing writing =
      sniff_writing(without_leading_comments(layout.text, options.comment), where, known, layout.rules, notes);
  layout.delimiter = writing.delimiter;
  layout.quote = writing.quote;
  layout.backslash_escapes = writing.backslash_escapes;
  if (options.thousands != ".") layout.rules.decimal = writing.decimal;  // else it is a comma (rules_of)
  find_table(layout, options, notes);
  cut_empty_rows(layout, notes);
  refuse_footer(layout, options);
  layout.header = sniff_header(layout, options);
  leave_out_empty_cells(layout, notes);
  layout.names = read_names(layout, notes);
  if (layout.header && !options.header && options.expected_columns.empty()) note_odd_names(layout, notes);
  return layout;
}

namespace {

// What surrounds a row that has another number of cells.
struct Surroundings {
  std::string_view rest;         // the text from the row on
  std::int64_t rows_before = 0;  // that are like the others
  std::int64_t line_behind = 0;  // of the next such row; 0: there is none
};

Surroundings look_around(const Layout& layout, std::int64_t line) {
  Surroundings around;
  RowWalker walker = layout.at_table();
  std::size_t cell_count = 0;
  try {
    while (walker.line() < line) {
      const char* const begin = walker.position();
      around.rest = layout.text.substr(static_cast<std::size_t>(begin - layout.text.data()));
      if (!walker.skip(cell_count)) return around;
      if (walker.line() < line && cell_count == layout.cells_a_row) ++around.rows_before;
    }
    while (around.line_behind == 0 && walker.skip(cell_count)) {
      if (cell_count == layout.cells_a_row) around.line_behind = walker.line();
    }
  } catch (const Error&) {  // of a quote further down
    return around;
  }
  return around;
}

// What a message advises beside correcting the line, and the options it names.
struct Advice {
  std::string text;
  std::vector<Remedy> remedies;

  void add(Remedy remedy, std::string_view condition) {
    text += fmt::format(", or pass {} {}", remedy.text(), condition);
    remedies.push_back(std::move(remedy));
  }
};

Advice advice_on_line(const Layout& layout, std::int64_t line) {
  constexpr std::int64_t kFewLines = 10;
  constexpr std::size_t kBytes = 1 << 16;
  const Surroundings around = look_around(layout, line);
  const std::string_view shown =
      around.rest.substr(std::min(around.rest.find_first_not_of(" \t\r\n"), around.rest.size()));
  Advice advice;
  if (around.rows_before == 0 && around.line_behind > line + 1) {
    advice.add({"--skip", {std::to_string(around.line_behind - 1)}}, "if the table begins below");
  }
  if (around.rows_before > 2 && around.line_behind == 0 && shown.size() < kBytes && count_lines(shown) <= kFewLines) {
    advice.add({"--skip-end", {std::to_string(count_lines(shown))}}, "if the table ends above");
  }
  if (!shown.empty() && std::string_view("#%;*!/").find(shown[0]) != std::string_view::npos) {
    advice.add({"--comment", {std::string(1, shown[0])}}, "if such lines are remarks");
  }
  return advice;
}

}  // namespace

void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line) {
  if (cell_count == layout.cells_a_row) return;
  const Advice advice = advice_on_line(layout, line);
  throw Error(
      fmt::format(
          "{}: line {} has {}, expected {} as in the other lines; correct the line (cells are separated by {}){}",
          layout.where, line, counted(static_cast<std::int64_t>(cell_count), "cell"), layout.cells_a_row,
          layout.delimiter == '\t'  ? "tabs"
          : layout.delimiter == ' ' ? "spaces"
                                    : quote({&layout.delimiter, 1}),
          advice.text),
      advice.remedies);
}

}  // namespace hillock
