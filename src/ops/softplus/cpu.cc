// The pointwise kernel of softplus.
#include "cpu/pointwise.h"
#include "ops/softplus/softplus.h"

namespace hillock {

const PointwiseRule& softplus_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::softplus<L>(x);
      },
      60);
  return rule;
}

}  // namespace hillock
