// Files of other programs that hold no table as text: recognised by their content and refused by name, with the command
// that makes a table of them.
#pragma once

#include <string_view>

namespace hillock {

// Throws Error if the bytes begin as a file of a binary format that is not read here: Parquet, Arrow, Excel, HDF5,
// pickles, SPSS, Stata, SAS, R, MATLAB, PDF, pictures, archives.
void refuse_foreign_bytes(std::string_view bytes, std::string_view where);

// Throws Error if the text, in UTF-8, is that of another format: JSON, ARFF, libsvm, FANN, HTML, XML, a pointer of Git
// LFS.
void refuse_foreign_text(std::string_view text, std::string_view where);

// The refusal of a file called `format` that `command` makes a table of. In the command, {file} stands for the file's
// name and {table} for that of the table, both as the shell and Python read them.
[[noreturn]] void refuse_format(std::string_view where, std::string_view format, std::string_view command);

}  // namespace hillock
