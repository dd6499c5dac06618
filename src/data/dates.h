// Dates and times as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hillock/data.h"

namespace hillock {

// What one cell says. Where a date consists of numbers with the year last, its form does not say which is the day.
struct WrittenDate {
  // Year, month and day; in a date of `open` order as they are written, the year last, or perhaps first if it has two
  // digits. In a time alone 1970, 1, 1.
  std::int32_t first = 1970, second = 1, third = 1;
  bool open = false;
  bool short_year = false;  // of two digits
  bool time_alone = false;
  double seconds = 0;  // of the day, less the zone's offset from UTC
};

// Nothing if the text is neither a date nor a time. Whether the day exists is for seconds_of() to say.
std::optional<WrittenDate> read_date(std::string_view text);

// Seconds since 1970-01-01 00:00 UTC in the proleptic Gregorian calendar, where `form` reads the date and there is such
// a day. A year of two digits is 1969 to 2068, as in POSIX.
std::optional<double> seconds_of(const WrittenDate& date, DateForm form);

// The cell of a column whose dates are written in `form`, numbers included: read_date() and seconds_of(), or for
// `seconds`, `milliseconds` the number, divided by 1000 for the latter.
std::optional<double> parse_date(std::string_view text, DateForm form);

// A plain whole number in decimal digits that can be a Unix time between 2001 and 2100, in seconds or milliseconds.
std::optional<DateForm> unix_form(std::string_view text);

// Of seconds since 1970-01-01: the day of the month, from 1.
unsigned day_of_month(double seconds);

}  // namespace hillock
