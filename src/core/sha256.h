// SHA-256 (FIPS 180-4), used to identify results by their bits.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hillock {

// The hash as 64 hexadecimal digits.
std::string sha256(std::span<const std::byte> data);

}  // namespace hillock
