// The pointwise kernel of erf.
#include "cpu/pointwise.h"
#include "ops/erf/erf.h"

namespace hillock {

const PointwiseRule& erf_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::erf<L>(x);
      },
      60);
  return rule;
}

}  // namespace hillock
