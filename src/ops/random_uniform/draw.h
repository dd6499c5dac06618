// Defines an element of random_uniform, for the definition and the kernel.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/random.h"

namespace hillock {

// The position of an application's draws: the operand `position` and the attribute `stream`.
struct DrawPosition {
  PhiloxKey key;
  std::uint32_t step;
  std::uint64_t first_row;
};

// `position` is {seed, step, global row of the first row}.
inline DrawPosition draw_position(const std::int64_t* position, std::int64_t stream) {
  const std::uint64_t step = static_cast<std::uint64_t>(position[1]);
  const std::uint64_t mixed =
      splitmix64(static_cast<std::uint64_t>(position[0]) ^ splitmix64(static_cast<std::uint64_t>(stream)));
  return {.key = {static_cast<std::uint32_t>(mixed),
                  static_cast<std::uint32_t>(mixed >> 32) ^ static_cast<std::uint32_t>(step >> 32)},
          .step = static_cast<std::uint32_t>(step),
          .first_row = static_cast<std::uint64_t>(position[2])};
}

// The words of columns 4 block … 4 block + 3 of a row.
inline PhiloxBlock draw_block(const DrawPosition& position, std::int64_t row, std::int64_t block) {
  const std::uint64_t global_row = position.first_row + static_cast<std::uint64_t>(row);
  return philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(global_row),
                 static_cast<std::uint32_t>(global_row >> 32), position.step},
                position.key);
}

// f32 uses the 24 bits that it can hold, so that no value is rounded to 1.
template <class T>
T unit_interval(std::uint32_t word) {
  if constexpr (std::is_same_v<T, float>) {
    return static_cast<float>(word >> 8) * 0x1p-24f;
  } else {
    return static_cast<double>(word) * 0x1p-32;
  }
}

}  // namespace hillock
