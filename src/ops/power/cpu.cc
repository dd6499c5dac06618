// The pointwise kernel of power.
#include "cpu/pointwise.h"
#include "ops/power/power.h"

namespace hillock {

const PointwiseRule& power_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(
      [](auto lanes, auto x, auto y) {
        using L = decltype(lanes);
        return math::generic::power<L>(x, y);
      },
      100);
  return rule;
}

}  // namespace hillock
