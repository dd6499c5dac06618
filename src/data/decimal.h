// Parses decimal numbers at the front of a text, faster than std::from_chars where there are not many digits, and with
// the same result bit for bit on every machine.
//
// An integer of at most 53 bits and a power of ten up to 10^22 are exact as doubles, so that one division or product of
// the two gives the correctly rounded number: W. D. Clinger, How to Read Floating Point Numbers Accurately (PLDI 1990).
// Everything else is left to std::from_chars.
#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace hillock {

// A namespace-scope constant: as a local array it would be copied to the stack at every call.
inline constexpr std::array<std::uint64_t, 8> kSmallPowersOfTen = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
inline constexpr std::array kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The number of bytes after a number's end that parse_decimal may read.
inline constexpr std::size_t kDecimalLookahead = 8;

// The value of eight digits, each a byte from 0 to 9, the first in the lowest byte. Joins them to pairs, the pairs to
// groups of four, and those to one number.
inline std::uint64_t join_eight_digits(std::uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  constexpr std::uint64_t kPair = 0x000000FF000000FF;
  return ((digits & kPair) * (100 + (std::uint64_t{1000000} << 32)) +
          (digits >> 16 & kPair) * (1 + (std::uint64_t{10000} << 32))) >>
         32;
}

// Appends the digits at `at` to `value`, which wraps around beyond 19 digits, and returns where they end.
inline const char* append_digits(const char* at, std::uint64_t& value) {
  if constexpr (std::endian::native == std::endian::little) {
    for (;; at += 8) {
      std::uint64_t digits = 0;
      std::memcpy(&digits, at, sizeof digits);
      digits ^= 0x3030303030303030;
      // The highest bit of each byte that is 10 or more. Of these only the lowest matters: the carry out of a byte
      // reaches only the bytes above it.
      const std::uint64_t others = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
      if (others == 0) {
        value = value * 100000000 + join_eight_digits(digits);
        continue;
      }
      const auto count = static_cast<std::size_t>(std::countr_zero(others)) / 8;
      if (count == 0) return at;
      value = value * kSmallPowersOfTen[count] + join_eight_digits(digits << (64 - 8 * count));
      return at + count;
    }
  } else {
    for (; *at >= '0' && *at <= '9'; ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    return at;
  }
}

// Parses the longest [-]digits[.digits][e[+-]digits] (digits on one side of the point suffice) and returns where it
// ends. Returns nullptr if there is no number, if it ends within the exponent, or if it is outside the range of double.
// The number must be followed by a character that cannot be part of a number.
inline const char* parse_decimal(const char* const begin, double& number) {
  constexpr std::int64_t kLargestPower = 22;
  constexpr std::ptrdiff_t kMaxDigits = 19;  // that many always fit 64 bits
  constexpr std::uint64_t kMaxExact = std::uint64_t{1} << 53;

  const bool negative = *begin == '-';
  const char* const whole = begin + (negative ? 1 : 0);
  std::uint64_t mantissa = 0;
  const char* at = append_digits(whole, mantissa);
  std::ptrdiff_t digits = at - whole;
  std::int64_t exponent = 0;
  if (*at == '.') {
    const char* const fraction = ++at;
    at = append_digits(fraction, mantissa);
    digits += at - fraction;
    exponent = fraction - at;
  }
  if (digits == 0) return nullptr;
  bool short_exponent = true;
  if (*at == 'e' || *at == 'E') {
    ++at;
    const bool smaller = *at == '-';
    if (*at == '-' || *at == '+') ++at;
    std::uint64_t power = 0;
    const char* const first = at;
    at = append_digits(first, power);
    if (at == first) return nullptr;
    short_exponent = at - first <= 4;
    if (short_exponent) exponent += smaller ? -static_cast<std::int64_t>(power) : static_cast<std::int64_t>(power);
  }
  if (digits <= kMaxDigits && mantissa <= kMaxExact && short_exponent && exponent >= -kLargestPower &&
      exponent <= kLargestPower) {
    const auto value = static_cast<double>(mantissa);
    const double scaled = exponent < 0 ? value / kPowersOfTen[static_cast<std::size_t>(-exponent)]
                                       : value * kPowersOfTen[static_cast<std::size_t>(exponent)];
    number = negative ? -scaled : scaled;
    return at;
  }
  const auto [stop, error] = std::from_chars(begin, at, number);
  return error == std::errc() && stop == at ? at : nullptr;
}

}  // namespace hillock
