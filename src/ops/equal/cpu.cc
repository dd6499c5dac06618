// The pointwise kernel of equal.
#include "cpu/pointwise.h"
#include "ops/equal/equal.h"

namespace hillock {

const PointwiseRule& equal_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(
      [](auto lanes, auto x, auto y) {
        using L = decltype(lanes);
        return L::select(L::equal(x, y), L::set(1), L::set(0));
      },
      1);
  return rule;
}

}  // namespace hillock
