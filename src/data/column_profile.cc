// One reading is looked for that makes numbers of nearly all texts: first what stands around the digits, then the marks
// between them.
#include "data/column_profile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "data/number_text.h"

namespace hillock {
namespace {

constexpr double kMostly = 0.95;
// So many different numbers are a quantity and no codes.
constexpr std::int64_t kManyNumbers = 20;

// In bytes, with all that stands around it.
constexpr std::size_t kLongestNumber = 64;

struct Cell {
  const TextCounts::Entry* entry;
  DissectedCell parts;
  std::optional<double> plain;  // what it is in any column
};

class Profiler {
 public:
  Profiler(const TextCounts& counts, const CellRules& rules, const ProfileOptions& options)
      : rules_(rules), options_(options), total_(counts.others()) {
    for (const TextCounts::Entry& entry : counts.entries()) {
      if (means_missing(entry.text)) continue;
      const CellValue value = parse_cell(entry.text, rules);
      const bool plain = value.kind == CellKind::number || value.kind == CellKind::infinite;
      const bool short_with_digits =
          entry.text.size() <= kLongestNumber && entry.text.find_first_of("0123456789") != std::string::npos;
      cells_.push_back({&entry, short_with_digits ? dissect(entry.text) : DissectedCell(),
                        plain ? std::optional(value.number) : std::nullopt});
      total_ += entry.count;
    }
    result_.numbers = counts.others();
  }

  ColumnProfile run() {
    NumberFormat format;
    const bool one_dress = choose_affixes(format);
    if (!one_dress && !options_.numeric) {
      format = {.decimal = rules_.decimal};
      count(format);
      if (mostly(result_.numbers)) result_.outcome = Outcome::mostly_numbers;
      return result_;
    }
    const Outcome marks = choose_marks(format);
    count(format);
    result_.outcome = marks;
    if (marks != Outcome::numbers && mostly(result_.numbers)) return result_;
    result_.outcome = outcome_of(format);
    if (result_.outcome == Outcome::numbers && (!result_.example.empty() || !format.missing.empty() || options_.coerce))
      result_.format = format;
    return result_;
  }

 private:
  using Outcome = ColumnProfile::Outcome;

  bool mostly(std::int64_t cells) const {
    return static_cast<double>(cells) >= kMostly * static_cast<double>(total_) && cells > 0;
  }

  // The currency and the unit that all cells share; false if there are several.
  bool choose_affixes(NumberFormat& format) {
    std::vector<TextCounts::Entry> prefixes, suffixes;
    std::int64_t bare = total_;
    for (const Cell& cell : cells_) {
      if (cell.plain || !cell.parts.is_number) continue;
      if (!cell.parts.prefix.empty()) add(prefixes, cell.parts.prefix, cell.entry->count);
      if (!cell.parts.suffix.empty()) add(suffixes, cell.parts.suffix, cell.entry->count);
      if (!cell.parts.suffix.empty()) bare -= cell.entry->count;
    }
    const auto is_magnitude = [](const TextCounts::Entry& suffix) { return magnitude_of(suffix.text).has_value(); };
    format.magnitudes = !suffixes.empty() && std::all_of(suffixes.begin(), suffixes.end(), is_magnitude);
    if (!choose_one(prefixes, format.prefix)) return false;
    if (!format.magnitudes && !choose_one(suffixes, format.suffix)) return false;
    if (format.suffix == "%" && bare > 0 && !mostly(total_ - bare)) {  // 60 % beside 0.6
      result_.units = {"%", ""};
      return false;
    }
    return options_.numeric || (format.suffix.empty() && !format.magnitudes) || is_quantity(format, suffixes);
  }

  // Codes such as 3G and 2WD have one suffix as well, but few numbers before it.
  bool is_quantity(const NumberFormat& format, const std::vector<TextCounts::Entry>& suffixes) const {
    constexpr std::size_t kFewest = 3, kFewestBeforeLetter = 10;
    if (suffixes.empty() || format.suffix == "%" || is_currency(format.suffix)) return true;
    bool letter = true;
    std::vector<std::string> numbers;
    for (const Cell& cell : cells_) {
      if (!cell.parts.is_number || cell.parts.suffix.empty()) continue;
      letter = letter && !cell.parts.gap && cell.parts.suffix.size() == 1;
      numbers.push_back(cell.parts.body);
      if (cell.parts.body.find_first_of(".,") != std::string::npos) letter = false;
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers.size() >= (letter ? kFewestBeforeLetter : kFewest);
  }

  static void add(std::vector<TextCounts::Entry>& affixes, const std::string& text, std::int64_t count) {
    for (TextCounts::Entry& affix : affixes) {
      if (!is_same_unit(affix.text, text)) continue;
      affix.count += count;
      return;
    }
    affixes.push_back({text, count});
  }

  // The one that nearly all cells have, or all that have any.
  bool choose_one(const std::vector<TextCounts::Entry>& affixes, std::string& chosen) {
    std::int64_t with = 0;
    for (const TextCounts::Entry& affix : affixes) with += affix.count;
    if (affixes.empty() || mostly(total_ - with)) return true;  // those that have any are slips
    const auto most = std::max_element(affixes.begin(), affixes.end(),
                                       [](const auto& a, const auto& b) { return a.count < b.count; });
    chosen = most->text;
    if (affixes.size() == 1 || mostly(most->count)) return true;
    for (const TextCounts::Entry& affix : affixes) result_.units.push_back(affix.text);
    return false;
  }

  std::optional<double> number_of(const Cell& cell, const NumberFormat& format) const {
    const auto number = formatted_number(cell.parts, marks_of(format), format);
    if (number) return number;
    return cell.plain && !std::isfinite(*cell.plain) ? cell.plain : std::nullopt;
  }

  std::int64_t cells_that_fit(const NumberFormat& format) const {
    std::int64_t fitting = 0;
    for (const Cell& cell : cells_) fitting += number_of(cell, format) ? cell.entry->count : 0;
    return fitting;
  }

  // The marks with which most cells are numbers. decimal_comma and two_readings: they cannot be told.
  Outcome choose_marks(NumberFormat& format) {
    const char own = rules_.decimal, other = own == '.' ? ',' : '.';
    format.decimal = own;
    if (!rules_.thousands.empty()) {
      format.thousands = rules_.thousands == "'" ? "" : rules_.thousands;
      return Outcome::numbers;
    }
    const auto with = [&](char decimal, const std::string& thousands) {
      NumberFormat changed = format;
      changed.decimal = decimal;
      changed.thousands = thousands;
      return changed;
    };
    const std::string own_text(1, own), other_text(1, other);
    const std::array<NumberFormat, 6> candidates{with(own, ""),   with(own, other_text), with(own, " "),
                                                 with(other, ""), with(other, own_text), with(other, " ")};
    std::array<std::int64_t, 6> fits{};
    std::transform(candidates.begin(), candidates.end(), fits.begin(),
                   [&](const NumberFormat& candidate) { return cells_that_fit(candidate); });
    const auto best =
        static_cast<std::size_t>(std::max_element(fits.begin(), fits.end()) - fits.begin());  // the first of equals
    const NumberFormat& chosen = candidates[best];
    if (chosen.thousands != "," && has_one_shape(chosen)) return Outcome::numbers;
    const bool ambiguous = best == 1 && fits[3] == fits[1] && own == '.' && !are_thousands(format);
    format = chosen;
    if (ambiguous) return Outcome::two_readings;
    const bool comma = own == '.' && chosen.decimal == ',' && has_decimals(chosen);
    return comma ? Outcome::decimal_comma : Outcome::numbers;
  }

  // Telephone numbers and addresses in groups of three: all have the same length, and more groups than quantities have.
  bool has_one_shape(const NumberFormat& format) const {
    if (options_.numeric || format.thousands.empty()) return false;
    std::size_t length = 0;
    for (const Cell& cell : cells_) {
      if (!number_of(cell, format)) continue;
      const std::string& body = cell.parts.body;
      const auto marks = std::count_if(body.begin(), body.end(), [](char c) { return c < '0' || c > '9'; });
      if (cell.plain || marks < 2 || (length != 0 && body.size() != length)) return false;
      length = body.size();
    }
    return length != 0;
  }

  // Whether 1,500 is fifteen hundred: where there is a currency, or numbers below a thousand have no comma.
  bool are_thousands(const NumberFormat& format) const {
    if (!format.prefix.empty() || is_currency(format.suffix)) return true;
    bool below = false;
    for (const Cell& cell : cells_) {
      if (!cell.plain) continue;
      if (std::abs(*cell.plain) >= 1000 || *cell.plain != std::floor(*cell.plain)) return false;
      below = true;
    }
    return below && result_.numbers == 0;
  }

  bool has_decimals(const NumberFormat& format) const {
    return std::any_of(cells_.begin(), cells_.end(), [&](const Cell& cell) {
      return number_of(cell, format) && cell.parts.body.find(format.decimal) != std::string::npos;
    });
  }

  // What the cells are with this format.
  void count(const NumberFormat& format) {
    std::vector<double> different;
    for (const Cell& cell : cells_) {
      const auto number = number_of(cell, format);
      if (!number) {
        if (result_.texts.size() < 3) result_.texts.push_back(cell.entry->text);
        result_.text_cells += cell.entry->count;
        ++result_.different_texts;
        continue;
      }
      result_.numbers += cell.entry->count;
      different.push_back(*number);
      whole_ = whole_ && *number == std::floor(*number);
      if ((!cell.plain || *cell.plain != *number) && cell.entry->text.size() > result_.example.size()) {
        result_.example = cell.entry->text;
        result_.example_number = *number;
      }
    }
    std::sort(different.begin(), different.end());
    different_numbers_ = std::unique(different.begin(), different.end()) - different.begin();
  }

  Outcome outcome_of(NumberFormat& format) {
    if (options_.coerce) {
      format.texts_missing = true;
      return Outcome::numbers;
    }
    if (result_.text_cells == 0) return result_.numbers > 0 ? Outcome::numbers : Outcome::categories;
    if (is_missing_word()) {
      result_.missing_word = result_.texts[0];
      format.missing.push_back(result_.texts[0]);
      return Outcome::numbers;
    }
    return options_.numeric || mostly(result_.numbers) ? Outcome::mostly_numbers : Outcome::categories;
  }

  // Whether one text without a digit is all that is between the column and numbers, and these are no codes.
  bool is_missing_word() const {
    if (!options_.word_may_be_missing || result_.different_texts != 1) return false;
    if (result_.texts[0].find_first_of("0123456789") != std::string::npos) return false;
    const bool half = 2 * result_.numbers >= total_;
    return mostly(result_.numbers) || (half && (different_numbers_ > kManyNumbers || !whole_));
  }

  const CellRules& rules_;
  const ProfileOptions& options_;
  std::vector<Cell> cells_;
  std::int64_t total_, different_numbers_ = 0;
  bool whole_ = true;
  ColumnProfile result_;
};

}  // namespace

void TextCounts::add(std::string_view text, std::int64_t count) {
  constexpr std::size_t kMost = 100000;  // that say what a column holds
  const std::string key(text);
  if (const auto found = places_.find(key); found != places_.end()) {
    entries_[found->second].count += count;
    return;
  }
  if (entries_.size() >= kMost && parse_cell(text).kind == CellKind::number) {
    others_ += count;
    return;
  }
  places_.emplace(key, entries_.size());
  entries_.push_back({key, count});
}

ColumnProfile profile_column(const TextCounts& counts, const CellRules& rules, const ProfileOptions& options) {
  return Profiler(counts, rules, options).run();
}

}  // namespace hillock
