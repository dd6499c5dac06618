// Words for what columns_json says.
#include "print/column_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/text.h"

namespace hillock::program {
namespace {

using Json = nlohmann::ordered_json;

// Above this number of columns, plain numbers are put together.
constexpr std::size_t kMostLines = 30;

std::string text_of(const Json& json, const char* key) { return printable(json.value(key, std::string())); }

std::string range_of(const Json& range) {
  if (!range.is_array() || range.size() != 2) return "";
  if (range[0].is_string() && range[1].is_string())
    return fmt::format(", {} to {}", printable(range[0].get<std::string>()), printable(range[1].get<std::string>()));
  return fmt::format(", {:.6g} to {:.6g}", range[0].get<double>(), range[1].get<double>());
}

bool is_plain_number(const Json& column) {
  return column.value("role", "") == "feature" && column.value("kind", "") == "number" &&
         column.value("missing", std::int64_t{0}) == 0 && !column.contains("suggestion");
}

std::string describe(const Json& column) {
  const std::string role = text_of(column, "role");
  if (role == "left out") return fmt::format("left out: {}", text_of(column, "reason"));
  if (role != "feature") return role + range_of(column.value("range", Json()));
  std::string text = text_of(column, "kind");
  if (column.contains("categories")) text = fmt::format("{} {}", column["categories"].dump(), text);
  text += range_of(column.value("range", Json()));
  const auto missing = column.value("missing", std::int64_t{0});
  if (missing != 0) text += fmt::format("; {} missing", counted(missing, "cell"));
  return column.contains("suggestion") ? fmt::format("{} ({})", text, text_of(column, "suggestion")) : text;
}

struct Line {
  std::string name, what;
};

// Of the plain numbers in columns[begin, end).
Line describe_numbers(const Json& columns, std::size_t begin, std::size_t end) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (std::size_t i = begin; i < end; ++i) {
    const Json range = columns[i].value("range", Json());
    if (!range.is_array() || range.size() != 2) continue;
    low = std::min(low, range[0].get<double>());
    high = std::max(high, range[1].get<double>());
  }
  return {fmt::format("{} … {}", text_of(columns[begin], "name"), text_of(columns[end - 1], "name")),
          fmt::format("{} numbers, {:.6g} to {:.6g}", end - begin, low, high)};
}

std::vector<Line> describe_all(const Json& columns) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t end = i;
    while (columns.size() > kMostLines && end < columns.size() && is_plain_number(columns[end])) ++end;
    if (end > i + 1) {
      lines.push_back(describe_numbers(columns, i, end));
      i = end;
    } else {
      lines.push_back({text_of(columns[i], "name"), describe(columns[i])});
      ++i;
    }
  }
  return lines;
}

}  // namespace

std::string column_table(const Json& columns) {
  constexpr std::size_t kWidest = 30;  // columns of the terminal for a name
  const std::vector<Line> lines = describe_all(columns);
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, std::min(kWidest, display_width(line.name)));
  std::string text;
  for (const Line& line : lines) {
    text += fmt::format("  {}  {}\n", left_aligned(shortened(line.name, std::max<std::size_t>(1, width)), width),
                        line.what);
  }
  return text;
}

}  // namespace hillock::program
