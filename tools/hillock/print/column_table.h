// What became of each column of the data, as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace hillock::program {

// A line for each column of `columns`, which is columns_json of the library: its name and what it became, as in
// "  age   number, 17 to 90; 3 cells missing". Where there are many columns, neighbours that are plain numbers share a
// line. Empty if there is no column.
std::string column_table(const nlohmann::ordered_json& columns);

}  // namespace hillock::program
