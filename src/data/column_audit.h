// Finds and drops columns that cannot help to predict new rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// Drops columns without any value, columns that number the rows, and categorical columns with a different category in
// every row, unless --numeric or --categorical names them. Each dropped column is reported in the notes and in
// `columns`. Throws Error if no column is left; `where` names the table in messages.
void drop_uninformative_columns(LoadedData& data, const ReadOptions& options, std::string_view where);

// Marks the feature with this name, if there is one, as left out.
void leave_out(std::vector<ReadColumn>& columns, std::string_view name, const std::string& reason);

}  // namespace hillock
