// The readers that load_data chooses between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "data/npy_array.h"
#include "hillock/data.h"

namespace hillock {

// Whether the bytes begin like a .npy file.
bool begins_as_npy(std::string_view bytes);
// Reads a .npy file that consists of `bytes`. Labels or targets may be in files next to `path`.
LoadedData read_npy(std::string_view bytes, const std::string& path, const ReadOptions& options);

// Reads a .npz file, a zip archive of arrays, that consists of `bytes`.
LoadedData read_npz(std::string_view bytes, const std::string& where, const ReadOptions& options);

// Reads the IDX files in a directory (idx_files.h).
LoadedData read_idx_directory(const std::string& directory, const ReadOptions& options);

// Whether the bytes begin like an IDX file of numbers with 1 to 4 axes.
bool begins_as_idx(std::string_view bytes);
// Throws Error unless the magic number means numbers with `rank` axes and the sizes match the number of bytes.
NpyArray parse_idx(std::string_view bytes, int rank, const std::string& where);

// The content of a file, and its path for messages.
struct FileBytes {
  std::string_view bytes;
  std::string path;
};
// Reads images and, unless options.require_target is false, their labels.
Dataset read_idx_pair(const FileBytes& images, const FileBytes& labels, const ReadOptions& options,
                      std::vector<std::string>& notes);

// Reads a table in a file.
LoadedData read_table(const FileText& file, std::string_view where, const ReadOptions& options);

bool is_builtin(std::string_view name);
// Throws Error, with the nearest name, if there is no set with this name.
LoadedData read_builtin(std::string_view name, const ReadOptions& options);

// Throws Error if the user named a target and it is not the one that this source has.
void require_own_target(const ReadOptions& options, std::string_view own, std::string_view where);

}  // namespace hillock
