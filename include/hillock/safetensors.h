// Reading and writing safetensors files: named tensors after a JSON header. https://huggingface.co/docs/safetensors
//
// Layout: the length of the header (8 bytes, little endian), the header (a JSON object), the bytes of the tensors. The
// element types F32, F64, I32 and I64 are supported. Nothing in a file is executed, and no memory is allocated merely
// because a header claims a size.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

class FileWriter;

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

struct SafetensorsFile {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;  // the header's "__metadata__"

  // The tensor of this name, or nullptr.
  const Tensor* find(std::string_view name) const;
};

// Reads a file. Throws Error unless it is completely valid: the header lies within the file and is smaller than 100 MB,
// every field is present and known, names are unique, every tensor has as many bytes as its type and shape require, and
// the tensors' bytes are contiguous from the end of the header to the end of the file. Tensors are returned in the
// order of their bytes.
SafetensorsFile read_safetensors(const std::string& path);
// The same from memory. Messages name the data `where` in place of a path.
SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, std::string_view where);

// Writes the file atomically (write_file): after an Error, `path` is unchanged. Tensors with 8-byte elements come
// first, so that every element is aligned; otherwise the order is kept. Throws Error if names are not unique or a text
// is not UTF-8.
void write_safetensors(const std::string& path, const SafetensorsFile& file);
// The same into a writer that the caller commits. Messages name it `where`.
void write_safetensors(FileWriter& to, const SafetensorsFile& file, std::string_view where);
// The bytes that write_safetensors would write.
std::vector<std::byte> safetensors_bytes(const SafetensorsFile& file, std::string_view where);

}  // namespace hillock
