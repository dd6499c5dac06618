// One pass from left to right: an optional weekday, a date in one of the usual forms, an optional time with a zone.
#include "data/dates.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::int32_t kSecondsOfADay = 86400;
// Where a year stands beside a month alone, or its digits beside theirs, other things are written in the same way.
constexpr std::int32_t kFirstLikelyYear = 1900, kLastLikelyYear = 2100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Whether `word` is `name`, or its first three letters, in any case; "Sept" too.
bool names(std::string_view word, std::string_view name) {
  if (word.size() != 3 && word.size() != name.size() && !(name == "september" && word.size() == 4)) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(word[i]) != name[i]) return false;
  }
  return true;
}

std::int32_t month_of(std::string_view word) {
  constexpr std::array kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                  "july",    "august",   "september", "october", "november", "december"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (names(word, kMonths[i])) return static_cast<std::int32_t>(i + 1);
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) {
    if (names(word, day)) return true;
  }
  return false;
}

struct Number {
  std::int32_t value = 0;
  std::size_t digits = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_spaces() {
    const std::size_t before = rest_.size();
    while (take(' ')) continue;
    return rest_.size() < before;
  }
  // The one of - / . that stands next; 0 if none does.
  char take_separator() {
    for (const char c : {'-', '/', '.'}) {
      if (take(c)) return c;
    }
    return '\0';
  }
  // Digits, nine at most; none: `digits` is 0.
  Number take_number() {
    Number number;
    for (; number.digits < 9 && is_digit(next()); ++number.digits) {
      number.value = number.value * 10 + (next() - '0');
      rest_.remove_prefix(1);
    }
    return number;
  }
  std::string_view take_word() {
    std::size_t length = 0;
    while (length < rest_.size() && is_letter(rest_[length])) ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }
  // What stands after a point or comma: 0.25 of ".25".
  std::optional<double> take_fraction() {
    std::size_t length = 1;
    while (length < rest_.size() && is_digit(rest_[length])) ++length;
    if (length == 1) return std::nullopt;
    double value = 0;
    const char* const end = rest_.data() + length;
    std::uint64_t digits = 0;
    const auto [stop, error] = std::from_chars(rest_.data() + 1, end, digits);
    if (error != std::errc() || stop != end) return std::nullopt;
    value = static_cast<double>(digits) / std::pow(10.0, static_cast<double>(length - 1));
    rest_.remove_prefix(length);
    return value;
  }

 private:
  std::string_view rest_;
};

bool is_likely_year(std::int32_t year) { return year >= kFirstLikelyYear && year <= kLastLikelyYear; }

// "2024-03-01", "2024/3/1", "2024-Mar-01", "2024-03", after the year.
bool read_after_year(Scanner& scanner, WrittenDate& date) {
  const char separator = scanner.take_separator();
  if (separator == '\0') return false;
  if (is_letter(scanner.next())) {
    date.second = month_of(scanner.take_word());
    if (date.second == 0) return false;
  } else {
    const Number month = scanner.take_number();
    if (month.digits < 1 || month.digits > 2) return false;
    date.second = month.value;
  }
  if (!scanner.take(separator)) return separator != '.' && is_likely_year(date.first);  // a month alone
  const Number day = scanner.take_number();
  date.third = day.value;
  return day.digits >= 1 && day.digits <= 2;
}

// A year at the end.
bool take_year(Scanner& scanner, WrittenDate& date, std::int32_t& year) {
  const Number number = scanner.take_number();
  year = number.value;
  date.short_year = number.digits == 2;
  return number.digits == 4 || number.digits == 2;
}

std::int32_t full_year(std::int32_t of_two_digits) { return of_two_digits + (of_two_digits >= 69 ? 1900 : 2000); }

// Between a month's name and the numbers beside it: spaces, a separator, a full stop after an abbreviation, a comma.
void skip_between(Scanner& scanner) {
  scanner.take('.');
  scanner.take(',');
  if (!scanner.take_spaces()) (void)(scanner.take('-') || scanner.take('/'));
}

void skip_ordinal(Scanner& scanner) {
  if (is_letter(scanner.next())) {
    Scanner ahead = scanner;
    const std::string_view word = ahead.take_word();
    if (word == "st" || word == "nd" || word == "rd" || word == "th") scanner = ahead;
  }
}

// "1-Mar-2024", "1 March 2024", "1st March 2024", after the day.
bool read_month_name_and_year(Scanner& scanner, WrittenDate& date) {
  date.second = month_of(scanner.take_word());
  skip_between(scanner);
  if (date.second == 0 || !take_year(scanner, date, date.first)) return false;
  if (date.short_year) date.first = full_year(date.first);
  date.short_year = false;
  return true;
}

// "Mar 1, 2024", "March 2024", after the month.
bool read_after_month_name(Scanner& scanner, WrittenDate& date) {
  skip_between(scanner);
  const Number number = scanner.take_number();
  if (number.digits == 4) {
    date.first = number.value;
    return is_likely_year(date.first);
  }
  if (number.digits < 1 || number.digits > 2) return false;
  date.third = number.value;
  skip_ordinal(scanner);
  skip_between(scanner);
  const Number year = scanner.take_number();
  date.first = year.value;
  return year.digits == 4;
}

// "03/01/2024", "1.3.24", after the first number.
bool read_open(Scanner& scanner, WrittenDate& date) {
  const char separator = scanner.take_separator();
  if (separator == '\0') return false;
  if (separator != '.' && is_letter(scanner.next())) {
    date.third = date.first;
    return read_month_name_and_year(scanner, date);
  }
  const Number second = scanner.take_number();
  date.second = second.value;
  date.open = true;
  return second.digits >= 1 && second.digits <= 2 && scanner.take(separator) && take_year(scanner, date, date.third);
}

bool read_day(Scanner& scanner, WrittenDate& date) {
  const Number number = scanner.take_number();
  if (number.digits == 0) {
    date.second = month_of(scanner.take_word());
    return date.second != 0 && read_after_month_name(scanner, date);
  }
  date.first = number.value;
  if (number.digits == 4) return read_after_year(scanner, date);
  if (number.digits == 8) {
    date.first = number.value / 10000;
    date.second = number.value / 100 % 100;
    date.third = number.value % 100;
    return is_likely_year(date.first);
  }
  if (number.digits > 2) return false;
  skip_ordinal(scanner);
  Scanner ahead = scanner;
  if (ahead.take_spaces() && is_letter(ahead.next())) {
    scanner = ahead;
    date.third = number.value;
    return read_month_name_and_year(scanner, date);
  }
  return read_open(scanner, date);
}

// "Z", "UTC", "+02:00", "-0330", "+2"; takes its offset from the seconds.
bool read_zone(Scanner& scanner, WrittenDate& date) {
  if (is_letter(scanner.next())) {
    const std::string_view word = scanner.take_word();
    if (word != "Z" && word != "z" && word != "UTC" && word != "GMT") return false;
    if (scanner.at_end()) return true;
  }
  const bool west = scanner.next() == '-';
  if (!scanner.take('+') && !scanner.take('-')) return false;
  Number hours = scanner.take_number();
  Number minutes;
  if (hours.digits == 4) {
    minutes = {hours.value % 100, 2};
    hours = {hours.value / 100, 2};
  } else if (scanner.take(':')) {
    minutes = scanner.take_number();
    if (minutes.digits != 2) return false;
  }
  if (hours.digits < 1 || hours.digits > 2 || hours.value > 14 || minutes.value > 59) return false;
  const double offset = hours.value * 3600.0 + minutes.value * 60.0;
  date.seconds += west ? offset : -offset;
  return true;
}

// "AM", "p.m.": 12 hours from noon and midnight each. False if there is one and the hour isn't such.
bool read_half_of_day(Scanner& scanner, std::int32_t& hour) {
  Scanner ahead = scanner;
  const char letter = lower(ahead.next());
  if (letter != 'a' && letter != 'p') return true;
  ahead.take(ahead.next());
  const bool full_stop = ahead.take('.');
  if (!ahead.take('m') && !ahead.take('M')) return true;
  if (full_stop && !ahead.take('.')) return true;
  scanner = ahead;
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + (letter == 'p' ? 12 : 0);
  return true;
}

// "7:30", "07:30:15.25 PM +02:00", to the end.
bool read_time(Scanner& scanner, WrittenDate& date) {
  const Number hours = scanner.take_number();
  std::int32_t hour = hours.value;
  if (hours.digits < 1 || hours.digits > 2 || !scanner.take(':')) return false;
  const Number minutes = scanner.take_number();
  Number seconds;
  double fraction = 0;
  if (minutes.digits != 2 || minutes.value > 59) return false;
  if (scanner.take(':')) {
    seconds = scanner.take_number();
    if (seconds.digits != 2 || seconds.value > 60) return false;
    if (scanner.next() == '.' || scanner.next() == ',') {
      const std::optional<double> taken = scanner.take_fraction();
      if (!taken) return false;
      fraction = *taken;
    }
  }
  scanner.take_spaces();
  if (!read_half_of_day(scanner, hour) || hour > 23) return false;
  date.seconds = hour * 3600 + minutes.value * 60 + seconds.value + fraction;
  scanner.take_spaces();
  return scanner.at_end() || read_zone(scanner, date);
}

bool is_time_alone(std::string_view text) {
  const std::size_t colon = text.find(':');
  return (colon == 1 || colon == 2) && is_digit(text[0]) && is_digit(text[colon - 1]);
}

void skip_weekday(Scanner& scanner) {
  Scanner ahead = scanner;
  if (!is_weekday(ahead.take_word())) return;
  ahead.take(',');
  if (ahead.take_spaces()) scanner = ahead;
}

}  // namespace

std::optional<WrittenDate> read_date(std::string_view text) {
  constexpr std::size_t kShortest = 4, kLongest = 60;  // "7:30"; with names of weekday and month in full
  if (text.size() < kShortest || text.size() > kLongest) return std::nullopt;
  Scanner scanner(text);
  WrittenDate date;
  if (is_time_alone(text)) {
    date.time_alone = true;
    if (!read_time(scanner, date) || !scanner.at_end()) return std::nullopt;
    return date;
  }
  skip_weekday(scanner);
  if (!read_day(scanner, date)) return std::nullopt;
  if (scanner.at_end()) return date;
  scanner.take(',');
  if (!scanner.take('T') && !scanner.take('t') && !scanner.take_spaces()) return std::nullopt;
  if (!read_time(scanner, date) || !scanner.at_end()) return std::nullopt;
  return date;
}

std::optional<double> seconds_of(const WrittenDate& date, DateForm form) {
  std::int32_t year = date.first, month = date.second, day = date.third;
  if (date.open) {
    if (form == DateForm::dmy || form == DateForm::mdy) {
      year = date.third;
      month = form == DateForm::dmy ? date.second : date.first;
      day = form == DateForm::dmy ? date.first : date.second;
    } else if (!date.short_year) {
      return std::nullopt;
    }
    if (date.short_year) year = full_year(year);
  }
  const std::chrono::year_month_day civil{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
  if (!civil.ok() || year < 1) return std::nullopt;
  const auto days = std::chrono::sys_days(civil).time_since_epoch().count();
  return static_cast<double>(static_cast<std::int64_t>(days) * kSecondsOfADay) + date.seconds;
}

std::optional<DateForm> unix_form(std::string_view text) {
  constexpr std::int64_t kFirst = 1'000'000'000, kLast = 4'102'444'800;  // 2001-09-09, 2100-01-01
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  if (number >= kFirst && number <= kLast) return DateForm::seconds;
  if (number >= kFirst * 1000 && number <= kLast * 1000) return DateForm::milliseconds;
  return std::nullopt;
}

std::optional<double> parse_date(std::string_view text, DateForm form) {
  if (form == DateForm::seconds || form == DateForm::milliseconds) {
    constexpr double kMost = 1e12;  // 30,000 years
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (form == DateForm::milliseconds) number /= 1000;
    if (error == std::errc() && stop == text.data() + text.size() && std::abs(number) <= kMost) return number;
  }
  const std::optional<WrittenDate> date = read_date(text);
  return date ? seconds_of(*date, form) : std::nullopt;
}

namespace {

// Years that std::chrono knows.
bool has_calendar_day(double seconds) { return std::abs(seconds) < 30000.0 * 365 * kSecondsOfADay; }

std::chrono::year_month_day civil_of(double seconds) {
  const auto days = static_cast<int>(std::floor(seconds / kSecondsOfADay));
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days)));
}

}  // namespace

unsigned day_of_month(double seconds) {
  return has_calendar_day(seconds) ? static_cast<unsigned>(civil_of(seconds).day()) : 0;
}

std::string date_text(double seconds, DateForm form) {
  if (!has_calendar_day(seconds)) return fmt::format("{}", seconds);
  const std::chrono::year_month_day civil = civil_of(seconds);
  const int year = static_cast<int>(civil.year());
  if (year < 1 || year > 9999) return fmt::format("{}", seconds);
  const auto of_day = static_cast<int>(seconds - std::floor(seconds / kSecondsOfADay) * kSecondsOfADay);
  const std::string time = fmt::format("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
  if (form == DateForm::time_of_day) return time;
  const std::string date =
      fmt::format("{:04}-{:02}-{:02}", year, static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
  return of_day == 0 ? date : date + " " + time;
}

std::string_view name_of(DateForm form) {
  switch (form) {
    case DateForm::ymd: return "ymd";
    case DateForm::dmy: return "dmy";
    case DateForm::mdy: return "mdy";
    case DateForm::digits: return "digits";
    case DateForm::time_of_day: return "time-of-day";
    case DateForm::seconds: return "seconds";
    case DateForm::milliseconds: return "milliseconds";
  }
  return "?";
}

DateForm date_form_from_name(std::string_view name) {
  for (const DateForm form : {DateForm::ymd, DateForm::dmy, DateForm::mdy, DateForm::digits, DateForm::time_of_day,
                              DateForm::seconds, DateForm::milliseconds}) {
    if (name_of(form) == name) return form;
  }
  throw Error(fmt::format(
      "dates: {} is no form of dates; use ymd, dmy, mdy, digits, time-of-day, seconds or milliseconds", quote(name)));
}

}  // namespace hillock
