// Columns that cannot help to predict rows that come later.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// Drops columns without any value, columns that number the rows, and categorical columns with another category in every
// row, unless --numeric or --categorical names them; each is told in `notes`. Throws Error if none is left;
// `where` stands for the table in it.
void leave_out_useless(Dataset& dataset, const ReadOptions& options, std::string_view where,
                       std::vector<std::string>& notes);

}  // namespace hillock
