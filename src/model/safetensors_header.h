// The JSON header of a safetensors file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0;  // in bytes from the beginning of the data
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of the header
  std::map<std::string, std::string> metadata;
};

// Throws Error unless the text is the object that the format describes: every field must be present once, with its
// type, and end − begin must equal the size that type and shape give. Memory is proportional to the text. Does not
// check whether the entries fit the data.
SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view where);

// "F32" for DType::f32.
std::string_view safetensors_name(DType dtype);

// In quotes, on one line, with at most 60 bytes of the name.
std::string show_name(std::string_view name);

}  // namespace hillock
