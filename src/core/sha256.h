// SHA-256 (FIPS 180-4): a name for the bits of a result.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hillock {

// 64 hexadecimal digits.
std::string sha256(std::span<const std::byte> data);

}  // namespace hillock
