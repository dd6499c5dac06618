// Columns that cannot help to predict new rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// Drops columns without any value, columns that number the rows, and categorical columns with another category in every
// row, unless --numeric or --categorical names them; notes and columns tell of each. Throws Error if none is left;
// `where` stands for the table in it.
void drop_uninformative_columns(LoadedData& data, const ReadOptions& options, std::string_view where);

// Marks the feature of this name, where it is among them, as left out.
void leave_out(std::vector<ReadColumn>& columns, std::string_view name, const std::string& reason);

}  // namespace hillock
