// How the numbers of a column are written where they wear more than digits, a point and an exponent: "1,500", "$5.99",
// "60%", "4.5 kg".
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hillock {

// A cell of the column is a number with, at most, this around it. What is not there is not needed: with the suffix "kg"
// both "4.5 kg" and "4.5" are 4.5.
struct NumberFormat {
  char decimal = '.';              // or ','
  std::string thousands{};         // the mark between groups of three digits: "," "." or " " (any blank); empty: none
  std::string prefix{}, suffix{};  // a currency, per cent or a unit, without blanks around it
  bool magnitudes = false;         // k, M and B behind a number stand for thousands, millions and billions
  std::vector<std::string> missing{};  // texts that count as missing in this column, in any case
  bool texts_missing = false;          // so does every other text

  bool operator==(const NumberFormat&) const = default;
};

// By the name of the column. A column that is not in it holds plain numbers.
using NumberFormats = std::map<std::string, NumberFormat, std::less<>>;

}  // namespace hillock
