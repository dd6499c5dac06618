// The pointwise kernel of log.
#include "cpu/pointwise.h"
#include "ops/log/log.h"

namespace hillock {

const PointwiseRule& log_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return math::generic::log<L>(x);
      },
      26);
  return rule;
}

}  // namespace hillock
