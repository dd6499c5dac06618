// Rows of an SQLite database, if Hillock was built with its library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

bool begins_as_sqlite(std::string_view bytes);

// The rows of options.table or options.query as the text of a table: a header, cells separated by commas, texts in
// double quotes, numbers that read back as they are, NULL as "". The file at `path` is opened for reading only, and
// only statements that read are run. What was chosen is reported in `notes`. Throws Error if neither option says which
// of several tables is meant, and for cells that are blobs.
std::string read_sqlite(const std::string& path, const ReadOptions& options, std::vector<std::string>& notes);

}  // namespace hillock
