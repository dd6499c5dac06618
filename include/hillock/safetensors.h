// The safetensors file format: named tensors behind a JSON header. https://huggingface.co/docs/safetensors
//
// Layout: the header's length (8 bytes, little endian), the header (a JSON object), the tensors' bytes. Of the format's
// element types F32, F64, I32 and I64 are read. Nothing in a file is executed, and nothing is allocated on a header's
// word alone.
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

  // The tensor of that name, or null.
  const Tensor* find(std::string_view name) const;
};

// Throws Error unless the file is valid in full: header within the file and below 100 MB, every field present and
// known, no name twice, every tensor's bytes as many as its type and shape say, and the tensors' bytes adjoining each
// other from the header's end to the file's end. Tensors come in the order of their bytes.
SafetensorsFile read_safetensors(const std::string& path);
// The same from memory; `where` stands for the path in messages.
SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, std::string_view where);

// Writes beside `path`, flushes and renames: on an Error `path` is as it was. Tensors of 8-byte elements come first so
// that every element is aligned; otherwise the order is kept. Throws Error if two tensors have one name, or a text is
// not UTF-8.
void write_safetensors(const std::string& path, const SafetensorsFile& file);
// The same into a writer that the caller commits; `where` stands for the path in messages.
void write_safetensors(FileWriter& to, const SafetensorsFile& file, std::string_view where);
// The bytes that write_safetensors would write; `where` stands for the path in messages.
std::vector<std::byte> safetensors_bytes(const SafetensorsFile& file, std::string_view where);

}  // namespace hillock
