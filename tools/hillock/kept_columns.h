// Columns of a table that predict copies to its output as they stand, whatever they hold.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hillock::program {

struct KeptColumns {
  std::vector<std::string> names;
  std::vector<std::string> cells;  // [rows, names]
};

// `rows` is how many rows of data the table has been found to have. Throws Error for a column that is not there.
KeptColumns keep_columns(std::string_view text, const std::string& where, std::span<const std::string> names,
                         std::int64_t rows);

}  // namespace hillock::program
