// Numbers, missing cells and truth values in the ways in which people write them.
#include "data/cell_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "data/blanks.h"
#include "data/number_text.h"
#include "hillock/data.h"

namespace hillock {
namespace {

bool is_missing_token(std::string_view cell, const CellRules& rules) {
  return cell.empty() || std::any_of(rules.missing.begin(), rules.missing.end(), [&](const std::string& token) {
           return token.size() == cell.size() && equal_ignoring_case(cell, token);
         });
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return text;
}

// A decimal comma as a point; what has a point already is no number then.
std::string with_point(std::string_view cell) {
  std::string text(cell);
  for (char& c : text) c = c == ',' ? '.' : c == '.' ? ',' : c;
  return text;
}

CellValue value_of(double number, bool dressed) {
  return {std::isfinite(number) ? CellKind::number : CellKind::infinite, number, dressed};
}

// Whether it may be a number in another dress: it has a digit, and something that plain numbers do not have.
bool may_be_dressed(std::string_view cell) {
  const auto odd = [](char c) {
    return c == '_' || c == '\'' || c == 'x' || c == 'X' || c == 'd' || c == 'D' ||
           static_cast<unsigned char>(c) >= 128;
  };
  return std::any_of(cell.begin(), cell.end(), odd) && cell.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return low(x) == low(y); });
}

const std::vector<std::string>& usual_missing_tokens() {
  // R, Python and pandas, SQL, spreadsheets' errors, C libraries' not-a-number.
  static const std::vector<std::string> tokens{
      "?",        "na",        "n/a",     "nan",      "null",    "-",      "none",   "nil",
      ".",        "<na>",      "nat",     "#n/a",     "#na",     "\\n",    "<null>", "(null)",
      "#div/0!",  "#num!",     "#value!", "#ref!",    "#name?",  "#null!", "-nan",   "+nan",
      "nan(ind)", "-nan(ind)", "1.#qnan", "-1.#qnan", "1.#snan", "1.#ind", "-1.#ind"};
  return tokens;
}

const CellRules& default_rules() {
  static const CellRules rules;
  return rules;
}

CellRules rules_of(const ReadOptions& options) {
  CellRules rules;
  rules.decimal = options.decimal;
  rules.thousands = options.thousands;
  // The point cannot be both, and who names it as one mark means the comma as the other.
  if (rules.thousands == ".") rules.decimal = ',';
  if (options.missing_tokens) rules.missing = *options.missing_tokens;
  for (std::string& token : rules.missing) token = lower(std::move(token));
  for (const std::string& token : options.added_missing_tokens) rules.missing.push_back(lower(token));
  return rules;
}

bool CellRules::plain() const {
  const CellRules none{.decimal = '.', .thousands = {}, .missing = {}};
  return decimal == '.' && std::all_of(missing.begin(), missing.end(), [&](const std::string& token) {
           return parse_cell(token, none).kind != CellKind::number;
         });
}

CellValue parse_cell(std::string_view cell, const CellRules& rules) {
  if (is_missing_token(cell, rules)) return {CellKind::missing, 0};
  std::string changed;
  std::string_view plain = cell;
  if (rules.decimal == ',' && cell.find_first_of(",.") != std::string_view::npos) plain = changed = with_point(cell);
  if (const auto number = decimal_number(plain)) return value_of(*number, false);
  const std::string_view bare = without_blanks(cell);
  if (bare.size() < cell.size() && is_missing_token(bare, rules)) return {CellKind::missing, 0};
  if (!may_be_dressed(cell)) return {CellKind::text, 0};
  const std::string text = ascii_form(bare);
  const auto number = dressed_number(text, {.decimal = rules.decimal, .thousands = 0});
  return number ? value_of(*number, true) : CellValue{CellKind::text, 0};
}

CellValue parse_cell(std::string_view cell, const CellRules& rules, const NumberFormat& format) {
  const auto is_word = [&](const std::string& word) { return equal_ignoring_case(cell, word); };
  if (is_missing_token(cell, rules) || std::any_of(format.missing.begin(), format.missing.end(), is_word))
    return {CellKind::missing, 0};
  if (const auto number = formatted_number(dissect(cell), marks_of(format), format)) return value_of(*number, true);
  const auto plain = decimal_number(cell);
  if (plain && std::isinf(*plain)) return value_of(*plain, false);
  return {format.texts_missing ? CellKind::missing : CellKind::text, 0};
}

CellKind guess_kind(std::string_view cell, const CellRules& rules) {
  const CellKind kind = parse_cell(cell, rules).kind;
  if (kind != CellKind::text || cell.find_first_of("0123456789") == std::string_view::npos) return kind;
  return dissect(cell).is_number ? CellKind::number : kind;
}

bool means_missing(std::string_view cell) {
  static constexpr std::array<std::string_view, 30> kWords = {"missing",
                                                              "unknown",
                                                              "unk",
                                                              "--",
                                                              "---",
                                                              "*",
                                                              "**",
                                                              "#",
                                                              "n.a.",
                                                              "n.a",
                                                              "n.d.",
                                                              "n/d",
                                                              "nd",
                                                              "not available",
                                                              "not applicable",
                                                              "no data",
                                                              "nodata",
                                                              "no value",
                                                              "undefined",
                                                              "unspecified",
                                                              "not known",
                                                              "not recorded",
                                                              "not reported",
                                                              "empty",
                                                              "blank",
                                                              "..",
                                                              "...",
                                                              "\u2013",
                                                              "\u2014",
                                                              "\u2026"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return equal_ignoring_case(cell, word); });
}

bool may_be_label(std::string_view cell) {
  return cell == "-" || cell == "." || equal_ignoring_case(cell, "none") || equal_ignoring_case(cell, "nil");
}

std::string exact_number(std::string_view text) {
  text = without_blanks(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string digits;
  std::int64_t exponent = 0;
  std::size_t at = 0;
  const auto is_digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  if (is_digit(0) && is_digit(1) && text[0] == '0') return {};
  for (; is_digit(at); ++at) digits += text[at];
  if (at < text.size() && text[at] == '.') {
    for (++at; is_digit(at); ++at, --exponent) digits += text[at];
  }
  if (digits.empty()) return {};
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t from = at + (at + 1 < text.size() && text[at + 1] == '+' ? 2 : 1);
    std::int32_t power = 0;
    const auto [stop, error] = std::from_chars(text.data() + from, text.data() + text.size(), power);
    if (error != std::errc() || stop != text.data() + text.size()) return {};
    exponent += power;
    at = text.size();
  }
  if (at != text.size()) return {};
  while (!digits.empty() && digits.back() == '0') digits.pop_back(), ++exponent;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

bool is_zero_padded(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && text.find_first_not_of("0123456789") == std::string_view::npos;
}

namespace {

struct TruthWord {
  std::string_view word;
  bool truth, of_true, of_yes;  // the words that it goes with
};
constexpr std::array<TruthWord, 10> kTruthWords = {{{"true", true, true, false},
                                                    {"t", true, true, false},
                                                    {"false", false, true, false},
                                                    {"f", false, true, false},
                                                    {"yes", true, false, true},
                                                    {"y", true, false, true},
                                                    {"no", false, false, true},
                                                    {"n", false, false, true},
                                                    {"1", true, true, true},
                                                    {"0", false, true, true}}};

const TruthWord* truth_word(std::string_view text) {
  for (const TruthWord& word : kTruthWords) {
    if (equal_ignoring_case(text, word.word)) return &word;
  }
  const std::string number = exact_number(text);
  if (number == "1e0") return &kTruthWords[8];
  return number == "0" ? &kTruthWords[9] : nullptr;
}

}  // namespace

std::optional<bool> truth_of(std::string_view text) {
  const TruthWord* const word = truth_word(text);
  return word == nullptr ? std::nullopt : std::optional(word->truth);
}

bool are_truth_values(const std::vector<std::string>& texts) {
  constexpr std::size_t kSpellings = 20;
  if (texts.size() > kSpellings) return false;
  bool all_true = true, all_yes = true, truths = false, falsehoods = false;
  for (const std::string& text : texts) {
    const TruthWord* const word = truth_word(text);
    if (word == nullptr) return false;
    all_true = all_true && word->of_true;
    all_yes = all_yes && word->of_yes;
    (word->truth ? truths : falsehoods) = true;
  }
  return (all_true || all_yes) && truths && falsehoods;
}

}  // namespace hillock
