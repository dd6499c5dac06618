// What a table's first lines tell.
#include "data/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/wording.h"
#include "data/columns.h"
#include "hillock/error.h"

namespace hillock {
namespace {

using Cells = std::vector<std::string_view>;

CellRules rules_of(const ReadOptions& options) {
  CellRules rules;
  rules.decimal = options.decimal;
  if (!options.missing_tokens) return rules;
  rules.missing = *options.missing_tokens;
  for (std::string& token : rules.missing) {
    for (char& c : token) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return rules;
}

// The text from the first line that is no comment.
std::string_view without_leading_comments(std::string_view text, std::string_view comment) {
  while (!comment.empty() && text.starts_with(comment)) {
    const std::size_t end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  }
  return text;
}

// The number of cells that most of the first rows have, and how many rows of a single cell come before the first such.
void find_cell_count(Layout& layout, std::vector<std::string>& notes) {
  constexpr int kRows = 20;
  RowWalker walker = layout.at_table();
  Cells cells;
  std::map<std::size_t, int> rows_with;
  std::vector<std::size_t> counts;
  std::string first;
  for (int row = 0; row < kRows && walker.next(cells); ++row) {
    if (row == 0) first = cells[0];
    ++rows_with[cells.size()];
    counts.push_back(cells.size());
  }
  if (rows_with.empty()) {
    throw Error(fmt::format("{}: is empty; give a file with a row for each example", layout.where));
  }
  const auto usual = std::max_element(rows_with.begin(), rows_with.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  layout.cells_a_row = usual->first;
  if (layout.cells_a_row == 1) return;
  while (counts[static_cast<std::size_t>(layout.leading_lines)] == 1) ++layout.leading_lines;
  if (layout.leading_lines == 0) return;
  notes.push_back(fmt::format("{} before the table {} left out (the first: {})", counted(layout.leading_lines, "line"),
                              layout.leading_lines == 1 ? "is" : "are", quote(first)));
}

bool holds_wanted_name(const Cells& first, const Layout& layout, const ReadOptions& options) {
  const auto in_first = [&](std::string_view name) {
    return parse_cell(name, layout.rules).kind == CellKind::text &&
           std::find(first.begin(), first.end(), name) != first.end();
  };
  if (options.target != "last" && in_first(options.target)) return true;
  const auto any_in_first = [&](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), in_first);
  };
  return any_in_first(options.expected_columns) || any_in_first(options.drop) || any_in_first(options.numeric) ||
         any_in_first(options.categorical) || in_first(options.weights) || in_first(options.group) ||
         in_first(options.time);
}

// What the cells below a cell of the first line are.
struct Below {
  bool numbers = false, texts = false, again = false;  // again: the first line's cell comes once more
  std::set<std::string, std::less<>> distinct;
};

// Whether the first row names the columns: some cell of it is text where the rows below have nothing but numbers; or
// everything is text, and values come again, but never those of the first row.
bool sniff_header(const Layout& layout, const ReadOptions& options) {
  constexpr int kRows = 100;
  if (options.header) return *options.header;
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
  find_cell_count(layout, notes);
  layout.header = sniff_header(layout, options);
  layout.names = read_names(layout);
  return layout;
}

void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line) {
  if (cell_count == layout.cells_a_row) return;
  throw Error(
      fmt::format("{}: line {} has {}, expected {} as in the other lines; correct the line (cells are separated by {})",
                  layout.where, line, counted(static_cast<std::int64_t>(cell_count), "cell"), layout.cells_a_row,
                  layout.delimiter == '\t' ? "tabs" : quote({&layout.delimiter, 1})));
}

}  // namespace hillock
