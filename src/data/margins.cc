// Lines are counted as an editor does: at the top all of them, at the end without blank ones.
#include "data/margins.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::string_view kLineEnds = "\r\n";
constexpr std::string_view kBlanks = " \t\r\n";

// The text behind its first line.
std::string_view behind_first_line(std::string_view text) {
  const std::size_t end = text.find_first_of(kLineEnds);
  if (end == std::string_view::npos) return {};
  const bool two = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return text.substr(end + (two ? 2 : 1));
}

// Without blanks at the end.
std::string_view without_blank_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);  // npos + 1 is 0
}

// The last line of a text that does not end in blanks.
std::string_view last_line(std::string_view text) { return text.substr(text.find_last_of(kLineEnds) + 1); }

std::string_view before_last_line(std::string_view text) {
  text = without_blank_end(text);
  return text.substr(0, text.find_last_of(kLineEnds) + 1);
}

// MS-DOS ends a text by ^Z, and fills its last block with it.
std::string_view without_end_mark(std::string_view text) {
  constexpr char kEndOfFile = '\x1a';
  for (;;) {
    const std::string_view inner = without_blank_end(text);
    if (!inner.ends_with(kEndOfFile)) return text;
    text = inner.substr(0, inner.size() - 1);
  }
}

// What a line "sep=;" says, as Excel writes and reads it.
std::optional<char> read_separator_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find_first_of(kLineEnds));
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  constexpr std::string_view kSeparator = "sep=";
  if (line.size() != kSeparator.size() + 1) return std::nullopt;
  const bool same = std::equal(kSeparator.begin(), kSeparator.end(), line.begin(),
                               [](char lower, char c) { return lower == c || lower - ('a' - 'A') == c; });
  return same ? std::optional(line.back()) : std::nullopt;
}

std::string_view skip_lines(std::string_view text, std::string_view where, std::int64_t count) {
  for (std::int64_t line = 0; line < count; ++line) {
    text = behind_first_line(text);
    if (!text.empty()) continue;
    throw Error(fmt::format("{}: --skip {} leaves nothing of its {}; skip fewer, or leave it out", where, count,
                            counted(line + 1, "line")),
                {{"--skip"}});
  }
  return text;
}

std::string_view skip_lines_at_end(std::string_view text, std::string_view where, std::int64_t count) {
  for (std::int64_t line = 0; line < count; ++line) {
    text = without_blank_end(before_last_line(text));
    if (!text.empty()) continue;
    throw Error(fmt::format("{}: --skip-end {} leaves nothing of its {}; skip fewer, or leave it out", where, count,
                            counted(line + 1, "line")),
                {{"--skip-end"}});
  }
  return text;
}

// "Total", "grand total:"; in the languages of those who write most of such tables.
bool is_word_of_footers(std::string_view cell) {
  constexpr std::array<std::string_view, 12> kWords = {"total", "totals", "grand total", "sum",  "summe", "gesamt",
                                                       "somme", "suma",   "totale",      "合计", "总计",  "итого"};
  std::string word(cell);
  while (!word.empty() && (word.back() == ':' || word.back() == ' ')) word.pop_back();
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return std::ranges::find(kWords, word) != kWords.end();
}

// "(120 rows)", as psql ends a table; "120 rows".
bool is_count_of_rows(std::string_view line) {
  if (line.starts_with('(') && line.ends_with(')')) line = line.substr(1, line.size() - 2);
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && (line.substr(digits) == " rows" || line.substr(digits) == " row");
}

// Whether the cell comes at the beginning of another line, so that it is a value like others.
bool begins_another_line(std::string_view before, std::string_view cell) {
  for (std::size_t at = before.find(cell); at != std::string_view::npos; at = before.find(cell, at + 1)) {
    const std::size_t begin = before.find_last_of(kLineEnds, at) + 1;
    if (before.substr(begin, at - begin).find_first_not_of(" \t\"'") == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::int64_t count_lines(std::string_view text) {
  std::int64_t lines = 0;
  for (text = without_blank_end(text); !text.empty(); text = without_blank_end(before_last_line(text))) ++lines;
  return lines;
}

InnerText cut_margins(std::string_view text, std::string_view where, const ReadOptions& options,
                      std::vector<std::string>& notes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  InnerText inner{.text = without_end_mark(skip_lines(text, where, options.skip)), .first_line = 1 + options.skip};
  if (const std::optional<char> separator = read_separator_line(inner.text)) {
    inner.text = behind_first_line(inner.text);
    ++inner.first_line;
    if (!options.delimiter) {
      inner.delimiter = separator;
      notes.push_back(fmt::format("the first line says that cells are separated by {}",
                                  *separator == '\t' ? "tabs" : quote({&*separator, 1})));
    }
  }
  if (options.skip_end && *options.skip_end > 0) inner.text = skip_lines_at_end(inner.text, where, *options.skip_end);
  return inner;
}

void cut_empty_rows(Layout& layout, std::vector<std::string>& notes) {
  if (layout.cells_a_row < 2 || layout.delimiter == ' ') return;
  const std::string filling = fmt::format("{} \t\r\n", layout.delimiter);
  std::string_view text = layout.text;
  const std::size_t end = text.find_last_not_of(filling);
  if (end == std::string_view::npos) return;
  const std::size_t line_end = text.find_first_of(kLineEnds, end);
  if (line_end == std::string_view::npos) return;
  std::int64_t rows = 0;
  for (std::string_view rest = text.substr(line_end); !rest.empty(); rest = behind_first_line(rest)) {
    if (rest.substr(0, rest.find_first_of(kLineEnds)).find(layout.delimiter) != std::string_view::npos) ++rows;
  }
  if (rows == 0) return;
  layout.text = text.substr(0, line_end);
  notes.push_back(fmt::format("{} of nothing but delimiters at the end {} left out", counted(rows, "row"),
                              rows == 1 ? "is" : "are"));
}

void refuse_footer(const Layout& layout, const ReadOptions& options) {
  if (options.skip_end) return;
  const std::string_view text = without_blank_end(layout.text);
  const std::string_view line = last_line(text);
  const std::string_view before = text.substr(0, text.size() - line.size());
  if (before.empty()) return;
  std::vector<std::string_view> cells;
  RowWalker walker(line, RowFormat{.delimiter = layout.delimiter, .quote = layout.quote}, layout.where);
  try {
    if (!walker.next(cells)) return;
  } catch (const Error&) {  // the end of a cell of several lines
    return;
  }
  const bool counts_rows = cells.size() == 1 && is_count_of_rows(cells[0]);
  if (!counts_rows && !(is_word_of_footers(cells[0]) && !begins_another_line(before, cells[0]))) return;
  const Remedy skip{"--skip-end", {"1"}}, keep{"--skip-end", {"0"}};
  throw Error(fmt::format("{}: the last line ({}) looks like a footer; pass {} to leave it out, or {} if it is a row",
                          layout.where, quote(line), skip.text(), keep.text()),
              {skip, keep});
}

}  // namespace hillock
