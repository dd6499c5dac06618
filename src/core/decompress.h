// Files that are compressed as a whole: gzip always, xz and bzip2 if Hillock was built with their libraries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hillock {

enum class Compression : std::uint8_t { none, gzip, xz, bzip2 };

// What the first bytes say.
Compression compression_of(std::string_view bytes);

// The bytes as they are, or decompressed; `where` stands for the path in messages. Memory grows with what comes out,
// whatever the file says about its size. Throws Error for truncated and damaged data, and for a compression that this
// build does not read.
std::string decompress_if_compressed(std::string bytes, const std::string& where);

}  // namespace hillock
