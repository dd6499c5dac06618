// The order of the rows in an epoch.
#pragma once

#include <cstdint>
#include <span>

namespace hillock {

// Fills `rows` with the numbers of all rows in their order in epoch number `epoch` (the first is 1), drawn by Fisher
// and Yates' algorithm. The order depends on seed and epoch alone.
void draw_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> rows);

}  // namespace hillock
