// The pointwise kernel of sin.
#include "cpu/pointwise.h"
#include "ops/sin/sin.h"

namespace hillock {

const PointwiseRule& sin_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::sin<L>(x);
      },
      50);
  return rule;
}

}  // namespace hillock
