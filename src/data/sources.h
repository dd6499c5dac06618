// The kinds of sources that load_data chooses between, beside tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "hillock/data.h"

namespace hillock {

// Whether the bytes begin as a .npy file.
bool begins_as_npy(std::string_view bytes);
// A .npy file with the bytes `bytes`; labels or targets may stand in files beside `path`.
LoadedData read_npy(std::string_view bytes, const std::string& path, const ReadOptions& options);

// A .npz file with the bytes `bytes`: a zip archive of arrays.
LoadedData read_npz(std::string_view bytes, const std::string& where, const ReadOptions& options);

// A directory of IDX files with MNIST's names.
LoadedData read_idx_directory(const std::string& directory, const ReadOptions& options);

// One IDX file of unsigned bytes in memory.
struct IdxArray {
  std::vector<std::int64_t> dims;
  std::string_view values;
};
// Whether the bytes begin as an IDX file of unsigned bytes.
bool begins_as_idx(std::string_view bytes);
// Throws Error unless the magic number names unsigned bytes with `rank` axes and the sizes account for every byte.
IdxArray parse_idx(std::string_view bytes, int rank, const std::string& where);

// A file's content and its path for messages.
struct FileBytes {
  std::string_view bytes;
  std::string path;
};
// Images and, unless options.require_target is false, their labels.
Dataset read_idx_pair(const FileBytes& images, const FileBytes& labels, const ReadOptions& options,
                      std::vector<std::string>& notes);

// A table in a file.
LoadedData read_table(const FileText& file, std::string_view where, const ReadOptions& options);

bool is_builtin(std::string_view name);
// Throws Error with the nearest name if there is no such set.
LoadedData read_builtin(std::string_view name, const ReadOptions& options);

// Throws Error if the target that the user named is not this source's own.
void require_own_target(const ReadOptions& options, std::string_view own, std::string_view where);

}  // namespace hillock
