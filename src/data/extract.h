// Gets the text of a table out of what contains it: a zip archive of one file, an SQLite database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "hillock/data.h"

namespace hillock {

// Whether the archive holds NumPy arrays.
bool is_npz(std::string_view bytes, const std::string& where);

// Replaces the content of the file at `path` by the text of the table that it contains, if it is an archive or a
// database; returns the options by which that text is to be read. What was chosen is reported in `notes`. Throws Error
// for an archive of several files and for a workbook.
ReadOptions extract_table(FileText& file, const std::string& path, const ReadOptions& options,
                          std::vector<std::string>& notes);

}  // namespace hillock
