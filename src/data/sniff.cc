// Every candidate is tried on the first lines.
#include "data/sniff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::array kDelimiters = {'\t', ';', '|', ','};  // the earlier wins a tie: decimal commas are common beside ;

bool is_line_end(char c) { return c == '\n' || c == '\r'; }
bool is_delimiter(char c) { return std::ranges::find(kDelimiters, c) != kDelimiters.end(); }

// The first lines, whole: fewer where they are long.
std::string_view first_lines(std::string_view text) {
  constexpr std::size_t kFewLines = 20, kLines = 200, kBytes = 1 << 20;
  std::size_t at = 0;
  for (std::size_t line = 0; line < kLines && at != std::string_view::npos; ++line) {
    if (line >= kFewLines && at > kBytes) break;
    at = text.find_first_not_of("\r\n", text.find_first_of("\r\n", at));
  }
  return text.substr(0, at);
}

// How often a mark stands where a quote opens a cell, and where one closes it.
struct Marks {
  int opening = 0, closing = 0;
};

Marks count_marks(std::string_view line, char mark) {
  Marks marks;
  for (std::size_t at = line.find(mark); at != std::string_view::npos; at = line.find(mark, at + 1)) {
    const std::size_t before = at == 0 ? std::string_view::npos : line.find_last_not_of(' ', at - 1);
    const std::size_t behind = line.find_first_not_of(' ', at + 1);
    const bool at_begin = before == std::string_view::npos || is_delimiter(line[before]);
    const bool at_end = behind == std::string_view::npos || is_delimiter(line[behind]);
    if (at_begin) ++marks.opening;
    if (at_end && !(at_begin && behind == std::string_view::npos)) ++marks.closing;
  }
  return marks;
}

// Whether cells stand in single quotes: on each line as many begin with one as end with one, none begins with ".
bool in_single_quotes(std::string_view sample) {
  int opening = 0;
  while (!sample.empty()) {
    const std::string_view line = sample.substr(0, sample.find_first_of("\r\n"));
    const Marks single = count_marks(line, '\'');
    if (single.opening != single.closing || count_marks(line, '"').opening > 0) return false;
    opening += single.opening;
    sample.remove_prefix(std::min(sample.size(), line.size() + 1));
  }
  return opening > 1;
}

// Whether a backslash stands before a quote that does not end its cell, or before one that another follows at the end.
bool has_escaped_quotes(std::string_view sample, char quote) {
  for (std::size_t at = sample.find('\\'); at != std::string_view::npos; at = sample.find('\\', at + 1)) {
    if (at + 2 >= sample.size() || sample[at + 1] != quote) continue;
    const char next = sample[at + 2];
    if (is_delimiter(next) || is_line_end(next) || next == ' ') continue;
    if (next != quote) return true;
    if (at + 3 == sample.size() || is_delimiter(sample[at + 3]) || is_line_end(sample[at + 3])) return true;
  }
  return false;
}

// How often each delimiter occurs outside quotes.
using DelimiterCounts = std::array<int, kDelimiters.size()>;

// On each line that is not empty.
std::vector<DelimiterCounts> count_delimiters(std::string_view sample, const Writing& writing) {
  std::vector<DelimiterCounts> lines;
  DelimiterCounts counts{};
  bool quoted = false;
  bool empty = true;
  char last = '\n';
  for (const char c : sample) {
    const bool escaped = writing.backslash_escapes && last == '\\';
    last = escaped ? ' ' : c;
    if (c == writing.quote && !escaped) quoted = !quoted;
    if (quoted) continue;
    if (is_line_end(c)) {
      if (!empty) lines.push_back(counts);
      counts = {};
      empty = true;
      continue;
    }
    empty = false;
    const auto* const found = std::find(kDelimiters.begin(), kDelimiters.end(), c);
    if (found != kDelimiters.end()) ++counts[static_cast<std::size_t>(found - kDelimiters.begin())];
  }
  if (!empty) lines.push_back(counts);
  return lines;
}

// How many lines the delimiter splits alike, and into how many cells.
std::pair<int, int> find_agreement(const std::vector<DelimiterCounts>& lines, std::size_t delimiter) {
  std::map<int, int> lines_with;  // count → lines
  for (const DelimiterCounts& counts : lines) {
    if (counts[delimiter] > 0) ++lines_with[counts[delimiter]];
  }
  std::pair<int, int> best{0, 0};
  for (const auto& [count, agreeing] : lines_with) best = std::max(best, {agreeing, count});
  return best;
}

RowWalker walk(std::string_view sample, const Writing& writing, std::string_view comment) {
  return {sample,
          RowFormat{.delimiter = writing.delimiter,
                    .quote = writing.quote,
                    .backslash_escapes = writing.backslash_escapes,
                    .comment = comment},
          ""};
}

// What the cells of the rows with `width` cells are.
struct Numbers {
  bool all = false;        // of all rows
  bool below = false;      // of all rows but the first
  std::string_view comma;  // the first cell with a comma that does not stand before three digits
};

bool has_decimal_comma(std::string_view cell) {
  const std::size_t comma = cell.find(',');
  if (comma == std::string_view::npos || cell.find_first_of(",.", comma + 1) != std::string_view::npos) return false;
  const std::size_t digits = std::min(cell.find_first_not_of("0123456789", comma + 1), cell.size()) - comma - 1;
  return digits > 0 && digits != 3;
}

Numbers find_numbers(std::string_view sample, const Writing& writing, std::string_view comment, std::size_t width,
                     CellRules rules) {
  rules.decimal = writing.decimal;
  Numbers numbers{.all = true, .below = true, .comma = {}};
  std::vector<std::string_view> cells;
  RowWalker walker = walk(sample, writing, comment);
  std::int64_t rows = 0;
  try {
    while (numbers.below && walker.next(cells)) {
      if (cells.size() != width) continue;
      for (const std::string_view cell : cells) {
        const bool number = parse_cell(cell, rules).kind != CellKind::text;
        numbers.all = numbers.all && number;
        if (rows > 0) numbers.below = numbers.below && number;
        if (numbers.comma.empty() && has_decimal_comma(cell)) numbers.comma = cell;
      }
      ++rows;
    }
  } catch (const Error&) {  // a quote among plain text
    return {};
  }
  if (rows == 0) return {};
  if (rows == 1) numbers.below = numbers.all;
  return numbers;
}

// Whether blanks split each of the first lines into the same number of cells, and that is more than one. The first line
// may have one less: names of columns, without one for the rows' names.
bool blanks_split(std::string_view sample, Writing writing) {
  writing.delimiter = ' ';
  RowWalker walker = walk(sample, writing, {});
  constexpr int kRows = 20;
  std::size_t cells = 0, first = 0, usual = 0;
  for (int line = 0; line < kRows; ++line) {
    // A quote among plain text is an Error to the walker, and no table of blanks.
    try {
      if (!walker.skip(cells)) break;
    } catch (const Error&) {
      return false;
    }
    if (line == 0) first = cells;
    if (line <= 1) usual = cells;
    if (cells != usual) return false;
  }
  return usual > 1 && (first == usual || first + 1 == usual);
}

// "x.tsv", "x.tsv.gz", "x.tab".
bool is_named_for_tabs(std::string_view where) {
  const std::size_t slash = where.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? where : where.substr(slash + 1);
  for (const std::string_view ending : {".tsv", ".tab"}) {
    const std::size_t at = name.rfind(ending);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = name.substr(at + ending.size());
    if (rest.empty() || rest[0] == '.') return true;
  }
  return false;
}

void choose_quotes(std::string_view sample, const ReadOptions& options, Writing& writing,
                   std::vector<std::string>& notes) {
  if (options.quote) {
    writing.quote = *options.quote;
    writing.backslash_escapes = options.backslash_escapes;
    return;
  }
  if (in_single_quotes(sample)) {
    writing.quote = '\'';
    notes.push_back("cells are taken as quoted by '; pass --quote '\"' if these marks belong to the texts");
  }
  if (!has_escaped_quotes(sample, writing.quote)) return;
  writing.backslash_escapes = true;
  notes.push_back("a backslash before a quote is taken as its escape");
}

// One delimiter tried on the first lines.
struct Candidate {
  Writing writing;
  int lines = 0, delimiters = 0;  // how many lines it splits alike, and how often it occurs on each
  bool named = false;             // by the ending of the file's name
  bool numbers_below = false;     // every cell below the first line is a number
  std::string_view comma;         // a number with a decimal comma, where all cells are numbers by these

  auto score() const { return std::tuple(named, lines, numbers_below, writing.delimiter == '\t', delimiters); }
};

void try_numbers(std::string_view sample, const ReadOptions& options, const CellRules& rules, Candidate& candidate) {
  const std::size_t width = static_cast<std::size_t>(candidate.delimiters) + 1;
  candidate.numbers_below = find_numbers(sample, candidate.writing, options.comment, width, rules).below;
  if (candidate.numbers_below || options.decimal != '.' || candidate.writing.delimiter == ',') return;
  Writing by_commas = candidate.writing;
  by_commas.decimal = ',';
  const Numbers numbers = find_numbers(sample, by_commas, options.comment, width, rules);
  candidate.numbers_below = numbers.below;
  if (!numbers.all || numbers.comma.empty()) return;
  candidate.comma = numbers.comma;
  candidate.writing.decimal = ',';
}

std::vector<Candidate> find_candidates(std::string_view sample, std::string_view where, const ReadOptions& options,
                                       const Writing& writing) {
  const std::vector<DelimiterCounts> lines = count_delimiters(sample, writing);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < kDelimiters.size(); ++i) {
    if (kDelimiters[i] == options.decimal || (options.delimiter && *options.delimiter != kDelimiters[i])) continue;
    Candidate candidate{.writing = writing, .comma = {}};
    candidate.writing.delimiter = kDelimiters[i];
    std::tie(candidate.lines, candidate.delimiters) = find_agreement(lines, i);
    candidate.named = kDelimiters[i] == '\t' && 2 * static_cast<std::size_t>(candidate.lines) >= lines.size() &&
                      is_named_for_tabs(where);
    if (candidate.lines > 0) candidates.push_back(candidate);
  }
  if (!candidates.empty() || options.decimal != ',' || options.delimiter) return candidates;
  // Commas that are decimal marks within quotes may still separate cells outside of them.
  std::int64_t outside = 0;
  for (const DelimiterCounts& counts : lines) outside += counts.back();
  const auto [agreeing, delimiters] = find_agreement(lines, kDelimiters.size() - 1);
  if (agreeing > 0 && outside < std::ranges::count(sample, ',')) {
    candidates.push_back({.writing = writing, .lines = agreeing, .delimiters = delimiters, .comma = {}});
  }
  return candidates;
}

}  // namespace

Writing sniff_writing(std::string_view text, std::string_view where, const ReadOptions& options, const CellRules& rules,
                      std::vector<std::string>& notes) {
  const std::string_view sample = first_lines(text);
  Writing writing;
  writing.decimal = options.decimal;
  choose_quotes(sample, options, writing, notes);
  std::vector<Candidate> candidates = find_candidates(sample, where, options, writing);
  for (Candidate& candidate : candidates) {
    if (candidates.size() > 1 || candidate.writing.delimiter != ',') try_numbers(sample, options, rules, candidate);
  }
  const auto best = std::max_element(candidates.begin(), candidates.end(),
                                     [](const Candidate& a, const Candidate& b) { return a.score() < b.score(); });
  if (best != candidates.end()) {
    writing = best->writing;
    if (!best->comma.empty()) {
      notes.push_back(fmt::format("numbers have decimal commas (the first: {})", quote(best->comma)));
    }
  } else if (options.delimiter) {
    writing.delimiter = *options.delimiter;
  } else {
    writing.delimiter = blanks_split(sample, writing) ? ' ' : options.decimal == ',' ? ';' : ',';
  }
  return writing;
}

}  // namespace hillock
