// What a cell means: a number, nothing, or a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/number_format.h"

namespace hillock {

struct ReadOptions;

enum class CellKind : std::uint8_t { number, infinite, missing, text };

struct CellValue {
  CellKind kind = CellKind::missing;
  double number = 0;
  bool dressed = false;  // a number that is written otherwise than in decimal notation with a point
};

// The cells that count as missing where nobody says otherwise, beside an empty one; in lower case.
const std::vector<std::string>& usual_missing_tokens();

// How cells are read.
struct CellRules {
  char decimal = '.';       // or ','
  std::string thousands{};  // what --thousands names: "," "." "'" or " "
  // What counts as missing beside an empty cell: in lower case, matched in any case.
  std::vector<std::string> missing = usual_missing_tokens();

  // Whether decimal notation with a point is always a number, as RowWalker::next_numbers takes it.
  bool plain() const;
};
const CellRules& default_rules();
CellRules rules_of(const ReadOptions& options);

// Decimal notation with an optional sign and exponent is a number; "inf" and numbers beyond f64 are infinite. So is,
// dressed, what means a number whatever the column: blanks of Unicode around it, the minus U+2212, groups of three
// digits with an apostrophe, an underscore or a no-break blank between, 0x1f, Fortran's 0.24D+04.
CellValue parse_cell(std::string_view cell, const CellRules& rules = default_rules());

// A cell of a column whose numbers are written as `format` says.
CellValue parse_cell(std::string_view cell, const CellRules& rules, const NumberFormat& format);

// What a cell most likely is where its column is not known: as parse_cell, and a number with a currency, a unit or
// marks is one.
CellKind guess_kind(std::string_view cell, const CellRules& rules = default_rules());

// A word for a missing cell that may also be a category ("unknown", "--"): in a numeric column it is missing.
bool means_missing(std::string_view cell);
// Of the usual tokens those that are labels in a target of texts: "-", ".", "None", "nil".
bool may_be_label(std::string_view cell);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// Decimal notation of a number, the same for "1", "1.0", "+1" and "10e-1" and different for different numbers, however
// many digits they have. Empty for what is no such number, and for a code: digits behind a leading zero ("01").
std::string exact_number(std::string_view text);
// Digits alone, the first of several a zero: "01001".
bool is_zero_padded(std::string_view text);

// Whether the text says yes or no in one of the usual ways: true TRUE T yes Y 1, false F no N 0. Nothing: neither.
std::optional<bool> truth_of(std::string_view text);
// Whether these are the two truth values in words that belong together, in one spelling or several: yes and No, T and
// FALSE and 1, but not T and N.
bool are_truth_values(const std::vector<std::string>& texts);

}  // namespace hillock
