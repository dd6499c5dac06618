// The parts of a cell that holds a number: sign, currency, digits and their marks, unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hillock/number_format.h"

namespace hillock {

// The number that all of the text is in decimal notation, as C writes it, or with a plus; infinite where it is beyond
// f64 or says so.
std::optional<double> decimal_number(std::string_view text);

// The text with U+2212 as '-', U+2019 as '\'' and each blank of Unicode as kNoBreak.
std::string ascii_form(std::string_view text);
inline constexpr char kNoBreak = '\xA0';

// Which characters stand between digits.
struct NumberMarks {
  char decimal = '.';
  char thousands = 0;  // ',' '.' or ' '; 0: none but those that are always understood
};
NumberMarks marks_of(const NumberFormat& format);

// A model's format in a file whose decimal mark is said to be `decimal`: the two marks may change places.
NumberFormat format_in_file(NumberFormat format, char decimal);

// A number in ascii_form() with marks: groups of three digits, with `marks.thousands`, an apostrophe, an underscore or
// kNoBreak between; 0x and hexadecimal digits; an exponent behind D where there is a decimal mark.
std::optional<double> dressed_number(std::string_view text, const NumberMarks& marks);

// A cell taken apart, in ascii_form().
struct DissectedCell {
  bool is_number = false;  // digits, and around them nothing but sign, currency and unit
  bool negative = false;   // by a minus before the currency, or parentheses
  std::string prefix{}, body{}, suffix{};
  bool gap = false;  // a blank between body and suffix
};
DissectedCell dissect(std::string_view cell);

// Its number, if the rest fits the format.
std::optional<double> formatted_number(const DissectedCell& cell, const NumberMarks& marks, const NumberFormat& format);

// By what k, M and B multiply a number; nothing for any other suffix.
std::optional<double> magnitude_of(std::string_view suffix);
// Whether these are one unit: "year" and "years".
bool is_same_unit(std::string_view a, std::string_view b);
bool is_currency(std::string_view text);

}  // namespace hillock
