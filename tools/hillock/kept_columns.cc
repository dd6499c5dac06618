// One more walk over the table's text.
#include "kept_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wording.h"
#include "data/cells.h"
#include "data/columns.h"
#include "hillock/error.h"

namespace hillock::program {
namespace {

std::size_t position(const std::vector<std::string>& columns, const std::string& name, const std::string& where) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  const auto meant = nearest_name(name, columns);
  throw Error(fmt::format(
      "{}: has no column {} to keep; {}", where, quote(name),
      meant ? fmt::format("did you mean {}?", quote(*meant)) : fmt::format("it has {}", list_names(columns))));
}

}  // namespace

KeptColumns keep_columns(std::string_view text, const std::string& where, std::span<const std::string> names,
                         std::int64_t rows) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  RowWalker walker(text, sniff_delimiter(text), where);
  std::vector<std::vector<std::string>> table;
  for (std::vector<std::string_view> cells; walker.next(cells);) table.emplace_back(cells.begin(), cells.end());
  const bool header = static_cast<std::int64_t>(table.size()) == rows + 1;
  const std::vector<std::string> columns =
      header ? table.front() : numbered_names(table.empty() ? 0 : table.front().size());
  KeptColumns kept{{names.begin(), names.end()}, {}};
  std::vector<std::size_t> positions;
  for (const std::string& name : kept.names) positions.push_back(position(columns, name, where));
  for (std::size_t row = header ? 1 : 0; row < table.size(); ++row) {
    for (const std::size_t at : positions) kept.cells.push_back(std::move(table[row][at]));
  }
  return kept;
}

}  // namespace hillock::program
