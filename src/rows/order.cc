#include "rows/order.h"

#include <numeric>

#include "core/random.h"

namespace hillock {

void draw_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> rows) {
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  PhiloxStream random(seed, "shuffle", static_cast<std::uint64_t>(epoch));
  shuffle(rows, random);
}

}  // namespace hillock
