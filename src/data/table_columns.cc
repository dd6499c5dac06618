// Kinds of columns: numeric if every present cell is a number in one dress, an Error if nearly every, else categorical.
#include "data/table_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <utility>

#include "data/category_match.h"
#include "data/column_profile.h"
#include "data/date_columns.h"
#include "data/number_text.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Numbers of categories are kept in f32 features.
constexpr std::size_t kMaxCategories = std::size_t{1} << 24;

// What a message advises about texts, and the options it names.
struct Advice {
  std::string text;
  std::vector<Remedy> remedies;
};

// `texts`: different ones.
Advice advice_on_texts(const FeatureColumn& column, std::int64_t texts) {
  const Remedy add{"--na-add", {column.texts.first}}, coerce{"--coerce", {column.name}};
  const Remedy categorical{"--categorical", {column.name}};
  Advice advice{fmt::format("pass {} to take every text in the column as missing", coerce.text()), {coerce}};
  if (texts == 1)
    advice = {fmt::format("pass {} to take {} as missing", add.text(), column.texts.count == 1 ? "it" : "them"), {add}};
  if (column.closed || column.kind_given) {
    advice.text = "the column is numeric: correct them, or " + advice.text;
    return advice;
  }
  advice.text =
      fmt::format("correct them, {}, or pass {} to take every value as a category", advice.text, categorical.text());
  advice.remedies.push_back(categorical);
  return advice;
}

// "line 17, "n/a"", or "lines 17, 40, 77, …; 200 different texts such as "a", "b", "c"".
std::string places_of(const FeatureColumn& column, const ColumnProfile& profile) {
  if (profile.different_texts < 2) return column.texts.places();
  std::vector<std::string> texts;
  for (const std::string& text : profile.texts) texts.push_back(quote(text));
  const auto shown = static_cast<std::int64_t>(column.texts.lines.size());
  return fmt::format("lines {}{}; {} different texts{} {}", fmt::join(column.texts.lines, ", "),
                     column.texts.count > shown ? ", …" : "", profile.different_texts,
                     profile.different_texts > std::ssize(texts) ? " such as" : ":", fmt::join(texts, ", "));
}

[[noreturn]] void refuse_texts(const Layout& layout, const FeatureColumn& column, const ColumnProfile& profile,
                               std::int64_t numbers) {
  const Advice advice = advice_on_texts(column, profile.different_texts);
  throw Error(fmt::format("{}: column {} has {} among {} ({}); {}", layout.where, quote(column.name),
                          counted(column.texts.count, "text cell"), counted(numbers, "number"),
                          places_of(column, profile), advice.text),
              advice.remedies);
}

void refuse_infinite(const Layout& layout, const FeatureColumn& column) {
  const bool finite = std::isfinite(parse_cell(column.infinite.first, layout.rules).number);
  throw Error(fmt::format(
      "{}: column {} has {} ({}); {}", layout.where, quote(column.name),
      counted(column.infinite.count, "infinite cell"), column.infinite.places(),
      finite ? "numbers of f32 end at 3.4e38: choose f64 or correct them" : "correct them or remove these rows"));
}

// The lines of a column's first texts.
void find_texts(const Layout& layout, FeatureColumn& column) {
  column.texts = {};
  RowWalker walker = layout.at_first_row();
  for (std::vector<std::string_view> cells; walker.next(cells);) {
    const std::string_view cell = cells[column.source];
    const CellValue value =
        column.format ? parse_cell(cell, layout.rules, *column.format) : parse_cell(cell, layout.rules);
    if (value.kind == CellKind::text && !means_missing(cell)) column.texts.add(walker.line(), cell);
    walker.forget_cells();
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

// Of a closed column: the category that is spelled otherwise and means the same; categories.size() if there is none.
std::size_t FeatureColumn::find_alike(std::string_view cell) {
  constexpr std::size_t kMostSpellings = 20;  // more texts than these are no truth values
  if (categories.size() <= kMostSpellings) return find_category(categories, cell);
  const std::string number = exact_number(cell);
  if (number.empty()) return categories.size();
  if (!numbers_) {
    numbers_.emplace();
    for (std::size_t i = 0; i < categories.size(); ++i) {
      if (std::string own = exact_number(categories[i]); !own.empty()) numbers_->emplace(std::move(own), i);
    }
  }
  const auto found = numbers_->find(number);
  return found == numbers_->end() ? categories.size() : found->second;
}

double FeatureColumn::code_of(std::string_view cell, const CellRules& rules, std::int64_t line) {
  if (closed && codes_.empty()) {
    for (std::size_t i = 0; i < categories.size(); ++i) codes_.emplace(categories[i], i);
    counts.assign(categories.size(), 0);
  }
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
    const std::size_t alike = find_alike(cell);
    (alike < categories.size() ? respelled : unseen).add(line, cell);
    if (alike < categories.size()) ++counts[alike];
    return static_cast<double>(alike);
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
  const CellValue value = format ? parse_cell(cell, rules, *format) : parse_cell(cell, rules);
  if (truths && value.kind == CellKind::text) {
    if (const auto truth = truth_of(cell)) return *truth ? 1 : 0;
  }
  switch (value.kind) {
    case CellKind::number:
      if (value.dressed && !format) dressed.add(line, cell);
      return value.number;
    case CellKind::infinite: infinite.add(line, cell); break;
    case CellKind::missing: missing.add(line, cell); break;
    case CellKind::text:
      if (means_missing(cell)) {
        words.add(line, cell);
        missing.add(line, cell);
      } else {
        texts.add(line, cell);
      }
  }
  return kNaN;
}

std::vector<double> FeatureColumn::sort_categories() {
  const std::vector<std::size_t> kept = merge_spellings(categories, counts);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] != i) respelled.add(0, categories[i]), respelled.count += counts[i] - 1;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == i) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return categories[a] < categories[b]; });
  std::vector<double> place(categories.size()), renumbered(categories.size());
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<double>(i);
    sorted.push_back(categories[order[i]]);
  }
  for (std::size_t i = 0; i < kept.size(); ++i) renumbered[i] = place[kept[i]];
  if (respelled.count > 0) {
    const auto meant = static_cast<std::size_t>(renumbered[codes_.find(respelled.first)->second]);
    const std::string note =
        fmt::format("column {} has {} such as {}, which are taken for {}: they mean the same", quote(name),
                    counted(respelled.count, "cell"), quote(respelled.first), quote(sorted[meant]));
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
    respelled = {};
  }
  categories = std::move(sorted);
  return renumbered;
}

void FeatureColumn::clear() {
  static_cast<ColumnCells&>(*this) = {};
  if (dates) dates->clear();
  if (closed) {
    std::fill(counts.begin(), counts.end(), 0);
    return;
  }
  categories.clear();
  counts.clear();
  codes_.clear();
}

namespace {

// The cells of a sample of rows: the first ones, and some from elsewhere. Views into the text, or into this.
class Sample {
 public:
  explicit Sample(const Layout& layout) : layout_(layout) {
    constexpr int kFirst = 1000, kElsewhere = 100;
    constexpr std::size_t kPlaces = 16;
    take(layout.at_first_row(), kFirst);
    first_ = rows_.size();
    const auto begin = static_cast<std::size_t>(walkers_.front().position() - layout.text.data());
    for (std::size_t k = 0; k < kPlaces; ++k) {
      const std::size_t at = layout.text.find('\n', begin + (layout.text.size() - begin) / kPlaces * k);
      if (at == std::string_view::npos) break;
      // Within quotes, what follows an end of a line may be no row.
      try {
        take(RowWalker(layout.text.substr(at + 1), layout.format(), layout.where), kElsewhere);
      } catch (const Error&) {
        continue;
      }
    }
  }

  using Row = std::vector<std::string_view>;
  const std::vector<Row>& rows() const { return rows_; }
  // How many of them are the first of the table.
  std::size_t first() const { return first_; }

 private:
  void take(const RowWalker& from, int count) {
    RowWalker& walker = walkers_.emplace_back(from);
    Row cells;
    for (int row = 0; row < count && walker.next(cells); ++row) {
      if (cells.size() != layout_.cells_a_row && first_ > 0) break;
      rows_.push_back(cells);
    }
  }

  const Layout& layout_;
  std::deque<RowWalker> walkers_;
  std::vector<Row> rows_;
  std::size_t first_ = 0;
};

// Digits with a zero before them, of one length or many of them: codes, whose numbers mean nothing.
std::string find_code(const Sample& sample, std::size_t source, const CellRules& rules) {
  std::string code;
  std::size_t padded = 0, digits = 0, length = 0;
  bool one_length = true;
  for (const Sample::Row& row : sample.rows()) {
    if (source >= row.size()) continue;
    const std::string_view cell = row[source];
    if (cell.empty() || cell.find_first_not_of("0123456789") != std::string_view::npos) {
      if (parse_cell(cell, rules).kind != CellKind::missing) return {};
      continue;
    }
    ++digits;
    one_length = one_length && (length == 0 || cell.size() == length);
    length = cell.size();
    if (!is_zero_padded(cell)) continue;
    ++padded;
    if (code.empty()) code = cell;
  }
  return one_length || 10 * padded >= digits ? code : std::string();
}

void guess_column(FeatureColumn& column, const Sample& sample, const CellRules& rules) {
  for (std::size_t row = 0; row < sample.first() && !column.categorical; ++row) {
    const Sample::Row& cells = sample.rows()[row];
    if (column.source < cells.size())
      column.categorical = parse_cell(cells[column.source], rules).kind == CellKind::text;
  }
  if (column.categorical) return;
  const std::string code = find_code(sample, column.source, rules);
  if (code.empty()) return;
  column.categorical = column.profiled = true;
  column.notes.push_back(fmt::format(
      "column {} has codes with leading zeros (such as {}) and is taken as categories; pass --numeric {} to "
      "take them as numbers",
      quote(column.name), quote(code), quote(column.name)));
}

}  // namespace

std::vector<FeatureColumn> guess_columns(const Layout& layout, const ChosenColumns& chosen,
                                         const ReadOptions& options) {
  std::vector<FeatureColumn> columns(chosen.features.size());
  std::optional<Sample> sample;  // of rows in which a kind has to be guessed
  for (std::size_t i = 0; i < columns.size(); ++i) {
    FeatureColumn& column = columns[i];
    column.name = chosen.names[i];
    column.source = chosen.features[i];
    column.kind_given = chosen.kinds[i] != ColumnKind::open || !options.expected_columns.empty();
    column.categorical = chosen.kinds[i] == ColumnKind::categorical;
    column.coerce = chosen.kinds[i] == ColumnKind::coerced;
    if (i < options.expected_categories.size() && !options.expected_categories[i].empty()) {
      column.categorical = column.closed = true;
      column.categories = options.expected_categories[i];
    }
    column.may_be_unseen = std::ranges::find(options.allow_unseen, column.name) != options.allow_unseen.end();
    if (const auto format = options.expected_formats.find(column.name); format != options.expected_formats.end())
      column.format = format_in_file(format->second, layout.rules.decimal);
    if (column.kind_given) continue;
    if (!sample) sample.emplace(layout);
    guess_column(column, *sample, layout.rules);
  }
  return columns;
}

namespace {

// The different texts of a numeric column, from all rows.
TextCounts count_texts(const Layout& layout, const FeatureColumn& column) {
  TextCounts counts;
  RowWalker walker = layout.at_first_row();
  for (std::vector<std::string_view> cells; walker.next(cells); walker.forget_cells()) {
    require_cells(layout, cells.size(), walker.line());
    const std::string_view cell = cells[column.source];
    const CellValue value =
        column.format ? parse_cell(cell, layout.rules, *column.format) : parse_cell(cell, layout.rules);
    if (value.kind != CellKind::missing) counts.add(cell);
  }
  return counts;
}

TextCounts categories_of(const FeatureColumn& column) {
  TextCounts counts;
  for (std::size_t i = 0; i < column.categories.size(); ++i) counts.add(column.categories[i], column.counts[i]);
  return counts;
}

bool all_truths(const TextCounts& counts) {
  const auto& entries = counts.entries();
  return counts.others() == 0 && std::all_of(entries.begin(), entries.end(),
                                             [](const auto& entry) { return truth_of(entry.text).has_value(); });
}

// What became of the column, and how to have it otherwise.
void note_profile(FeatureColumn& column, const ColumnProfile& profile, const std::string& before) {
  const std::string otherwise =
      column.kind_given ? ""
                        : fmt::format("; pass --categorical {} to take every value as a category", quote(column.name));
  if (!profile.example.empty()) {
    column.notes.push_back(fmt::format("{}column {} is read as numbers: {} is {}{}", before, quote(column.name),
                                       quote(profile.example), profile.example_number, otherwise));
  }
  if (!profile.missing_word.empty()) {
    column.notes.push_back(fmt::format("{}column {} holds numbers and the text {} ({}), which is taken as missing{}",
                                       before, quote(column.name), quote(profile.missing_word),
                                       counted(profile.text_cells, "cell"), otherwise));
  }
}

// Texts are categories; what else they might have been is said.
void note_categories(FeatureColumn& column, const ColumnProfile& profile) {
  constexpr std::size_t kFewUnits = 5;
  if (profile.units.size() > 1 && profile.units.size() <= kFewUnits) {
    const std::string second = profile.units[1].empty() ? "none" : quote(profile.units[1]);
    column.notes.push_back(
        fmt::format("column {} holds numbers with different units ({} and {}) and is taken as categories; write them "
                    "in one unit to "
                    "have numbers",
                    quote(column.name), quote(profile.units[0]), second));
  }
}

[[noreturn]] void refuse_decimal_commas(const Layout& layout, const FeatureColumn& column, std::int64_t numbers) {
  const Remedy decimal{"--decimal", {","}}, categorical{"--categorical", {column.name}};
  if (column.kind_given) {
    throw Error(fmt::format("{}: column {} has {} among {} ({}); pass {} or write decimals with a point", layout.where,
                            quote(column.name), counted(column.texts.count, "text cell"), counted(numbers, "number"),
                            column.texts.places(), decimal.text()),
                {decimal});
  }
  throw Error(fmt::format("{}: column {} has numbers with a decimal comma ({}); pass {} to read them, or {} to take "
                          "every value as a category",
                          layout.where, quote(column.name), column.texts.places(), decimal.text(), categorical.text()),
              {decimal, categorical});
}

[[noreturn]] void refuse_two_readings(const Layout& layout, const FeatureColumn& column) {
  const Remedy thousands{"--thousands", {","}}, decimal{"--decimal", {","}};
  throw Error(fmt::format("{}: column {} has a comma before three digits in its numbers ({}), which may separate "
                          "thousands or decimals; pass {} or {}",
                          layout.where, quote(column.name), column.texts.places(), thousands.text(), decimal.text()),
              {thousands, decimal});
}

// 1.234.567 where the decimal mark is a point.
[[noreturn]] void refuse_other_marks(const Layout& layout, const FeatureColumn& column, const NumberFormat& format) {
  const Remedy remedy = format.decimal == ',' ? Remedy{"--thousands", {"."}} : Remedy{"--decimal"};
  throw Error(fmt::format("{}: column {} has {} between its thousands ({}); {} {}", layout.where, quote(column.name),
                          quote(format.thousands), column.texts.places(), remedy.values.empty() ? "leave out" : "pass",
                          remedy.text()),
              {remedy});
}

// The unit or currency of a file for a model must not be another than the model's.
bool is_other_unit(const std::optional<NumberFormat>& known, const std::optional<NumberFormat>& found) {
  if (!known || !found) return false;
  const auto differ = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  return differ(known->prefix, found->prefix) || differ(known->suffix, found->suffix) ||
         (known->magnitudes != found->magnitudes && !(known->suffix + found->suffix).empty());
}

// Looks at the texts of a column that is not known to have categories. Returns true if the rows have to be read again.
bool settle_texts(const Layout& layout, FeatureColumn& column, std::int64_t present) {
  const bool again = std::exchange(column.profiled, true);
  const TextCounts counts = column.categorical ? categories_of(column) : count_texts(layout, column);
  if (!again && column.kind_given && all_truths(counts)) {
    column.truths = true;
    column.notes.push_back(
        fmt::format("column {} is numeric and holds truth values (such as {}), which are read as 1 and 0",
                    quote(column.name), quote(column.texts.first)));
    return true;
  }
  const ColumnProfile profile = profile_column(
      counts, layout.rules,
      {.numeric = column.kind_given, .coerce = column.coerce, .word_may_be_missing = !column.kind_given});
  using Outcome = ColumnProfile::Outcome;
  // Cells without a text may already have been read in another way.
  const bool other_marks = column.kind_given && profile.outcome == Outcome::numbers && profile.format &&
                           profile.format->thousands == std::string(1, layout.rules.decimal);
  const bool as_numbers =
      !again && !other_marks && profile.outcome == Outcome::numbers && !is_other_unit(column.format, profile.format);
  if (as_numbers) {
    column.categorical = false;
    if (column.format) {  // what is missing for the model is missing here
      NumberFormat format = profile.format.value_or(NumberFormat{.decimal = layout.rules.decimal});
      format.missing = column.format->missing;
      format.texts_missing = column.format->texts_missing;
      column.format = std::move(format);
    } else {
      column.format = profile.format;
    }
    note_profile(column, profile, "");
    return true;
  }
  const bool was_categorical = column.categorical;
  if (profile.outcome == Outcome::categories && !column.kind_given) {
    column.categorical = true;
    note_categories(column, profile);
    return !was_categorical;
  }
  if (was_categorical || column.texts.count == 0) find_texts(layout, column);
  if (other_marks) refuse_other_marks(layout, column, *profile.format);
  const std::int64_t numbers = was_categorical ? profile.numbers : present - column.texts.count;
  if (profile.outcome == Outcome::decimal_comma) refuse_decimal_commas(layout, column, numbers);
  if (profile.outcome == Outcome::two_readings) refuse_two_readings(layout, column);
  refuse_texts(layout, column, profile, numbers);
}

}  // namespace

bool settle_kinds(const Layout& layout, std::vector<FeatureColumn>& columns, std::int64_t rows) {
  bool changed = false;
  for (FeatureColumn& column : columns) {
    if (column.dates) {
      changed = settle_dates(layout, column, rows) || changed;
      continue;
    }
    const std::int64_t present = rows - column.missing.count;
    const bool open = column.categorical && !column.kind_given && !column.profiled;
    if (open || (!column.categorical && column.texts.count > 0)) {
      changed = settle_texts(layout, column, present) || changed;
    } else if (!column.categorical && column.infinite.count > 0) {
      refuse_infinite(layout, column);
    }
  }
  return changed;
}

void refuse_unseen(const std::vector<FeatureColumn>& columns, std::string_view where) {
  constexpr std::int64_t kCells = 10;  // a few may well be new
  for (const FeatureColumn& column : columns) {
    const std::int64_t known = std::accumulate(column.counts.begin(), column.counts.end(), std::int64_t{0});
    if (!column.closed || column.may_be_unseen || known > 0 || column.unseen.count < kCells) continue;
    const Remedy allow{"--allow-unseen", {column.name}};
    throw Error(
        fmt::format("{}: column {} holds no category that the model knows ({} such as {}; the model knows {}); give "
                    "the column that it was trained with, or pass {} to take them as other",
                    where, quote(column.name), counted(column.unseen.count, "cell"), quote(column.unseen.first),
                    list_names(column.categories), allow.text()),
        {allow});
  }
}

namespace {

void note_spellings(const FeatureColumn& column, std::string_view where, std::vector<std::string>& notes) {
  if (column.respelled.count > 0) {
    const std::size_t category = find_category(column.categories, column.respelled.first);
    notes.push_back(fmt::format("{}: column {} has {} that the model spells otherwise ({}); {} is taken for {}", where,
                                quote(column.name), counted(column.respelled.count, "cell"), column.respelled.places(),
                                quote(column.respelled.first), quote(column.categories[category])));
  }
  if (column.dressed.count > 0) {
    notes.push_back(fmt::format("{}: column {} has {} in an unusual form ({}); {} is read as {}", where,
                                quote(column.name), counted(column.dressed.count, "number"), column.dressed.places(),
                                quote(column.dressed.first), parse_cell(column.dressed.first).number));
  }
  if (column.words.count > 0) {
    notes.push_back(fmt::format("{}: column {} holds numbers; {} that {} none ({}) {} taken as missing", where,
                                quote(column.name), counted(column.words.count, "cell"),
                                column.words.count == 1 ? "says there is" : "say there is", column.words.places(),
                                column.words.count == 1 ? "is" : "are"));
  }
}

// From a third of the cells on it cannot be what the model was trained for, and is said so that nobody overlooks it.
void note_unseen(const FeatureColumn& column, std::string_view where, std::vector<std::string>& notes) {
  const std::int64_t known = std::accumulate(column.counts.begin(), column.counts.end(), std::int64_t{0});
  const std::int64_t unseen = column.unseen.count;
  const bool many = known + unseen >= 3 && 3 * unseen > known + unseen;
  std::string note =
      fmt::format("{}: column {} has {} that no training row had ({}); {} as other", where, quote(column.name),
                  counted(unseen, "category cell"), column.unseen.places(), unseen == 1 ? "it counts" : "they count");
  if (!many) return notes.push_back(std::move(note));
  notes.insert(notes.begin(),
               fmt::format("WARNING: {}. That is {:.0f} % of the column: are its values written as in training ({})?",
                           note, 100 * static_cast<double>(unseen) / static_cast<double>(known + unseen),
                           list_names(column.categories)));
}

}  // namespace

void note_cells(const std::vector<FeatureColumn>& columns, std::string_view where, std::vector<std::string>& notes) {
  std::int64_t cells = 0;
  std::vector<std::string> named;
  for (const FeatureColumn& column : columns) {
    for (const std::string& note : column.notes) notes.push_back(fmt::format("{}: {}", where, note));
    note_spellings(column, where, notes);
    if (column.unseen.count > 0) note_unseen(column, where, notes);
    if (column.missing.count == 0) continue;
    cells += column.missing.count;
    named.push_back(fmt::format("{} {}", column.name, column.missing.count));
  }
  if (named.empty()) return;
  notes.push_back(fmt::format("{}: {} in {} ({})", where, counted(cells, "missing cell"),
                              counted(static_cast<std::int64_t>(named.size()), "column"), list_names(named)));
}

}  // namespace hillock
