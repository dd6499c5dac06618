// NumPy's .npy format, versions 1 to 3. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// An array stored within the bytes that it was parsed from: [rows, ...], the other axes counted together as columns.
struct NpyArray {
  std::vector<std::int64_t> dims;
  const char* values = nullptr;
  std::size_t value_bytes = 0;
  double (*load)(const char*) = nullptr;  // reads one number at an address of any alignment; nullptr for texts
  // The text of one element; nullptr for numbers that f64 holds exactly.
  std::string (*load_text)(const char*, std::size_t) = nullptr;
  std::vector<std::int64_t> column_places{};  // Fortran order: where each column begins, counted in elements

  bool is_text() const { return load == nullptr; }
  std::int64_t elements() const;
  std::int64_t columns() const { return dims.empty() || dims[0] == 0 ? 1 : elements() / dims[0]; }
  // `columns` is columns(), which a loop should compute once.
  const char* address(std::int64_t row, std::int64_t column, std::int64_t columns) const {
    const std::int64_t place =
        column_places.empty() ? row * columns + column : row + column_places[static_cast<std::size_t>(column)];
    return values + static_cast<std::size_t>(place) * value_bytes;
  }
  // An element of an array of numbers, counted in C order.
  double at(std::int64_t index) const {
    const std::int64_t width = columns();
    return load(address(index / width, index % width, width));
  }
};

// An array without dims and values, of elements of the type that NumPy calls `descr`, such as ">i4" or "|S3". Throws
// Error for an unknown type.
NpyArray array_of_type(std::string_view descr, const std::string& where);

// Throws Error unless the header is valid, the elements are f2, f4, f8, i1 to i8, u1 to u8, bool or texts (S, U), and
// the number of bytes is exactly what type and shape require. Both byte orders and both orders of axes are read.
NpyArray parse_npy(std::string_view bytes, const std::string& where);

// Targets in an array of their own: [rows], or [rows, targets].
struct TargetArray {
  std::string where;  // for messages
  std::string name;
  NpyArray values;
};

// For a model: throws Error unless the rows have its columns, or, with `may_hold_target`, these and its targets, or as
// many as those that it was trained with, of which some were dropped. Wider rows are another kind of data.
void require_columns_of_model(const NpyArray& features, bool may_hold_target, const std::string& where,
                              const ReadOptions& options);

// Reads the rows of [rows, ...] with the target of each row. The target comes from `target` or, if that is nullptr,
// from the column that the options name, by default the last.
LoadedData read_arrays(const NpyArray& features, const TargetArray* target, const std::string& where,
                       const ReadOptions& options);

// Whether some cell of f32 or f64 features is NaN.
bool has_missing_cells(const Tensor& features);

// Reads the target of each of the dataset's rows, as read_arrays does. Returns whether numbers may be too close
// together for options.dtype.
bool read_target_array(const TargetArray& target, const ReadOptions& options, Dataset& dataset,
                       std::vector<std::string>& notes);

}  // namespace hillock
