// NumPy's .npy format, versions 1 to 3. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// An array in C order, stored within the bytes that it was parsed from.
struct NpyArray {
  std::vector<std::int64_t> dims;
  const char* values = nullptr;
  std::size_t value_bytes = 0;
  double (*load)(const char*) = nullptr;  // reads one element at an address of any alignment

  double at(std::int64_t index) const { return load(values + static_cast<std::size_t>(index) * value_bytes); }
  std::int64_t elements() const;
};

// Throws Error unless the header is valid, the type is f4, f8, i1 to i8, u1 to u8 or bool in little endian and C order,
// and the number of bytes is exactly what type and shape require.
NpyArray parse_npy(std::string_view bytes, const std::string& where);

// Targets in an array of their own: [rows], or [rows, targets].
struct TargetArray {
  std::string where;  // for messages
  std::string name;
  NpyArray values;
};

// Reads the rows of [rows, ...] with the target of each row. The target comes from `target` or, if that is nullptr,
// from the column that the options name, by default the last.
LoadedData read_arrays(const NpyArray& features, const TargetArray* target, const std::string& where,
                       const ReadOptions& options);

}  // namespace hillock
