// The order of rows in an epoch.
#pragma once

#include <cstdint>
#include <span>

namespace hillock {

// Of all rows in epoch number `epoch` (the first is 1), by Fisher and Yates. It depends on seed and epoch alone.
void draw_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> rows);

}  // namespace hillock
