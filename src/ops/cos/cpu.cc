// The pointwise kernel of cos.
#include "cpu/pointwise.h"
#include "ops/cos/cos.h"

namespace hillock {

const PointwiseRule& cos_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::cos<L>(x);
      },
      50);
  return rule;
}

}  // namespace hillock
