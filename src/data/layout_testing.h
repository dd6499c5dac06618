// Tables that are written in many ways and mean the same: y = 3 a - 2 b on 200 rows.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/data_testing.h"

namespace hillock {

struct LineWriting {
  std::string delimiter = ",";
  char decimal = '.';
  std::string end = "\n";
};

inline constexpr int kLineRows = 200;

// Row `row` of the table: a, b and y with one digit behind the point, b negative now and then.
inline std::string line_row(int row, const LineWriting& writing = {}) {
  const int a = 10 * (row * 37 % 101) + 5, b = 10 * (row * 53 % 89 - 20) + 2;  // tenths
  std::string cells =
      fmt::format("{:.1f}{d}{:.1f}{d}{:.1f}", a / 10.0, b / 10.0, (3 * a - 2 * b) / 10.0, fmt::arg("d", '\n'));
  for (char& c : cells) c = c == '.' ? writing.decimal : c;
  std::string text;
  for (const char c : cells) c == '\n' ? text += writing.delimiter : text += c;
  return text + writing.end;
}

inline std::string line_rows(const LineWriting& writing = {}) {
  std::string text;
  for (int row = 0; row < kLineRows; ++row) text += line_row(row, writing);
  return text;
}

inline std::string line_header(const LineWriting& writing = {}) {
  return fmt::format("a{0}b{0}y{1}", writing.delimiter, writing.end);
}

inline std::string line_table(const LineWriting& writing = {}) { return line_header(writing) + line_rows(writing); }

// What the clean table is read as.
inline Dataset line_data() { return parse(line_table(), {.target = "y", .task = Task::regression}).train; }

// Whether all features and targets are those of the clean table, bit for bit.
inline void expect_line(const Dataset& data, const std::string& what) {
  const Dataset expected = line_data();
  ASSERT_EQ(data.features.type().to_string(), expected.features.type().to_string()) << what;
  ASSERT_EQ(data.targets.type().to_string(), expected.targets.type().to_string()) << what;
  for (std::int64_t i = 0; i < expected.features.elements(); ++i) {
    ASSERT_EQ(data.features.at(i), expected.features.at(i)) << what;
  }
  for (std::int64_t i = 0; i < expected.targets.elements(); ++i) {
    ASSERT_EQ(data.targets.at(i), expected.targets.at(i)) << what;
  }
}

inline bool any_note_has(const LoadedData& data, std::string_view part) {
  for (const std::string& note : data.notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace hillock
