// Takes cells apart from left to right.
#include "data/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "data/blanks.h"

namespace hillock {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == kNoBreak; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Whether a number beyond f64 is too small rather than too large, by its exponent or else its leading zero.
bool is_tiny(std::string_view number) {
  const std::size_t exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) return number.substr(exponent + 1).starts_with('-');
  const std::string_view digits = number.substr(number.find_first_of("0123456789."));
  return digits.starts_with("0.") || digits.starts_with('.');
}

// Whether `c` may stand between groups of three digits.
bool is_group_mark(char c, const NumberMarks& marks) {
  if (c == '\'' || c == '_' || c == kNoBreak) return c != marks.decimal;
  return c != 0 && c == marks.thousands;
}

// Appends the digits before the decimal mark to `plain`; false where they stand in wrong groups.
bool take_groups(std::string_view& text, const NumberMarks& marks, std::string& plain) {
  const auto count = [&] { return std::min(text.find_first_not_of("0123456789"), text.size()); };
  std::size_t digits = count();
  plain.append(text.substr(0, digits));
  const char first = text.empty() ? ' ' : text.front();
  text.remove_prefix(digits);
  if (text.empty() || !is_group_mark(text.front(), marks)) return true;
  if (digits == 0 || digits > 3 || first == '0') return false;
  for (const char mark = text.front(); !text.empty() && text.front() == mark;) {
    text.remove_prefix(1);
    digits = count();
    if (digits != 3) return false;
    plain.append(text.substr(0, digits));
    text.remove_prefix(digits);
  }
  return true;
}

std::optional<double> hexadecimal(std::string_view text) {
  constexpr std::size_t kDigits = 13;  // that f64 holds exactly
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() < 3 || text.size() > 2 + kDigits || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return {};
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
  if (error != std::errc() || stop != text.data() + text.size()) return {};
  return negative ? -static_cast<double>(number) : static_cast<double>(number);
}

}  // namespace

std::optional<double> decimal_number(std::string_view text) {
  const char* begin = text.data();
  const char* const end = begin + text.size();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') ++begin;  // from_chars takes no plus
  double number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (stop != end || begin == end || error == std::errc::invalid_argument || std::isnan(number)) return {};
  if (error == std::errc::result_out_of_range)
    number = is_tiny(text) ? 0 : text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
  return number;
}

std::string ascii_form(std::string_view text) {
  constexpr std::string_view kMinus = "\u2212", kApostrophe = "\u2019";
  std::string result;
  while (!text.empty()) {
    std::size_t length = 1;
    if (const std::size_t blank = blank_at_front(text); blank > 0) {
      result += kNoBreak;
      length = blank;
    } else if (text.starts_with(kMinus)) {
      result += '-';
      length = kMinus.size();
    } else if (text.starts_with(kApostrophe)) {
      result += '\'';
      length = kApostrophe.size();
    } else {
      result += text.front();
    }
    text.remove_prefix(length);
  }
  return result;
}

NumberMarks marks_of(const NumberFormat& format) {
  return {format.decimal, format.thousands.empty() ? '\0' : format.thousands[0]};
}

NumberFormat format_in_file(NumberFormat format, char decimal) {
  if (decimal != ',' || format.decimal == ',') return format;
  format.decimal = ',';
  if (format.thousands == ",") format.thousands = ".";
  return format;
}

std::optional<double> dressed_number(std::string_view text, const NumberMarks& marks) {
  if (const auto number = hexadecimal(text)) return number;
  std::string plain;
  if (text.starts_with('-')) plain += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t sign = plain.size();
  if (!take_groups(text, marks, plain)) return {};
  std::size_t digits = plain.size() - sign;
  const bool fraction = text.starts_with(marks.decimal);
  if (fraction) {
    text.remove_prefix(1);
    const std::size_t places = std::min(text.find_first_not_of("0123456789"), text.size());
    plain += '.';
    plain.append(text.substr(0, places));
    text.remove_prefix(places);
    digits += places;
  }
  if (digits == 0) return {};
  if (!text.empty()) {
    const bool fortran = fraction && (text.front() == 'd' || text.front() == 'D');
    if (!fortran && text.front() != 'e' && text.front() != 'E') return {};
    plain += 'e';
    plain.append(text.substr(1));
  }
  return decimal_number(plain);
}

bool is_currency(std::string_view text) {
  static constexpr std::array<std::string_view, 60> kCurrencies = {
      "$",      "\u20AC", "\u00A3", "\u00A5", "\u20B9", "\u20BD", "\u20A9",  "\u20BA", "\u20AA", "\u0E3F",
      "\u20AB", "\u20B4", "\u20A6", "\u00A2", "US$",    "A$",     "C$",      "R$",     "HK$",    "NZ$",
      "S$",     "NT$",    "Rs",     "Rs.",    "kr",     "kr.",    "z\u0142", "Fr",     "Fr.",    "EUR",
      "USD",    "GBP",    "JPY",    "CNY",    "RMB",    "INR",    "CHF",     "AUD",    "CAD",    "NZD",
      "SEK",    "NOK",    "DKK",    "PLN",    "CZK",    "HUF",    "RUB",     "TRY",    "BRL",    "MXN",
      "ZAR",    "KRW",    "SGD",    "HKD",    "TWD",    "THB",    "ILS",     "AED",    "SAR",    "IDR"};
  return std::find(kCurrencies.begin(), kCurrencies.end(), text) != kCurrencies.end();
}

namespace {

// Letters, signs such as % and ° and, behind the first, digits: "kg", "km/h", "m2", "sq ft".
bool is_unit(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  if (text.empty() || text.size() > kLongest) return false;
  const auto high = [](char c) { return static_cast<unsigned char>(c) >= 128 && c != kNoBreak; };
  if (!is_letter(text[0]) && !high(text[0]) && text[0] != '%' && text[0] != '$' && text[0] != '"') return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (is_blank(c) && i + 1 < text.size() && !is_letter(text[i + 1]) && !high(text[i + 1])) return false;
    const bool mark = c == '%' || c == '/' || c == '.' || c == '^' || c == '$' || c == '-' || c == '*';
    if (!is_letter(c) && !high(c) && !is_digit(c) && !is_blank(c) && !mark) return false;
  }
  return true;
}

// How much of the text, which begins with a digit or a mark, is the number: blanks belong to it between digits.
std::size_t body_length(std::string_view text) {
  std::size_t end = 0;
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  if (text.starts_with("0x") || text.starts_with("0X")) {
    end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", 2), text.size());
    return end > 2 ? end : 1;
  }
  while (end < text.size()) {
    const char c = text[end];
    const bool within = c == '\'' || c == '_' || c == ' ' || c == kNoBreak;
    if (is_digit(c) || c == '.' || c == ',' || (within && digit_at(end + 1))) {
      ++end;
    } else {
      break;
    }
  }
  if (end < text.size() && std::string_view("eEdD").find(text[end]) != std::string_view::npos) {
    std::size_t power = end + 1;
    if (power < text.size() && (text[power] == '-' || text[power] == '+')) ++power;
    if (digit_at(power)) end = std::min(text.find_first_not_of("0123456789", power), text.size());
  }
  return end;
}

bool take_sign(std::string_view& text, bool& negative) {
  const bool signs = text.starts_with('-') || text.starts_with('+');
  if (!signs) return false;
  if (text.front() == '-') negative = !negative;
  text.remove_prefix(1);
  return true;
}

}  // namespace

DissectedCell dissect(std::string_view cell) {
  DissectedCell result;
  const std::string ascii = ascii_form(cell);
  std::string_view text = trimmed(ascii);
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {  // as accountants write what is lost
    result.negative = true;
    text = trimmed(text.substr(1, text.size() - 2));
  }
  bool has_sign = take_sign(text, result.negative);
  const std::size_t front = std::min(text.find_first_of("0123456789.,-+"), text.size());
  // The point of "Rs." belongs to it.
  const std::size_t begin =
      front < text.size() && text[front] == '.' && is_currency(text.substr(0, front + 1)) ? front + 1 : front;
  if (begin > 0) {
    const std::string_view prefix = trimmed(text.substr(0, begin));
    if (!is_currency(prefix)) return result;
    result.prefix = prefix;
    text = trimmed(text.substr(begin));
    if (!has_sign) take_sign(text, result.negative);
  }
  const std::size_t length = body_length(text);
  result.body = text.substr(0, length);
  text.remove_prefix(length);
  result.gap = !text.empty() && is_blank(text.front());
  result.suffix = trimmed(text);
  result.is_number =
      result.body.find_first_of("0123456789") != std::string::npos && (result.suffix.empty() || is_unit(result.suffix));
  return result;
}

std::optional<double> magnitude_of(std::string_view suffix) {
  if (suffix == "k" || suffix == "K") return 1e3;
  if (suffix == "M") return 1e6;
  if (suffix == "B") return 1e9;
  return std::nullopt;
}

bool is_same_unit(std::string_view a, std::string_view b) {
  constexpr std::size_t kWord = 3;
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  return a.size() >= kWord && b.size() == a.size() + 1 && b.starts_with(a) && b.back() == 's';
}

std::optional<double> formatted_number(const DissectedCell& cell, const NumberMarks& marks,
                                       const NumberFormat& format) {
  if (!cell.is_number) return {};
  if (!cell.prefix.empty() && cell.prefix != format.prefix) return {};
  double factor = cell.negative ? -1 : 1;
  if (!cell.suffix.empty() && (format.suffix.empty() || !is_same_unit(cell.suffix, format.suffix))) {
    const auto magnitude = magnitude_of(cell.suffix);
    if (!format.magnitudes || !magnitude) return {};
    factor *= *magnitude;
  }
  const auto number = dressed_number(cell.body, marks);
  if (!number) return {};
  return *number * factor;
}

}  // namespace hillock
