// SHA-256 (FIPS 180-4), used to identify results by their bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hillock {

// Instructions that the processor has for it, or the definition in C++; both give the same digits.
enum class Sha256Code : std::uint8_t { fastest, portable };

// The hash as 64 hexadecimal digits.
std::string sha256(std::span<const std::byte> data, Sha256Code code = Sha256Code::fastest);

}  // namespace hillock
