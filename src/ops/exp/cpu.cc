// The pointwise kernel of exp.
#include "cpu/pointwise.h"
#include "ops/exp/exp.h"

namespace hillock {

const PointwiseRule& exp_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::exp<L>(x);
      },
      26);
  return rule;
}

}  // namespace hillock
