// The pointwise kernel of negate.
#include "cpu/pointwise.h"
#include "ops/negate/negate.h"

namespace hillock {

const PointwiseRule& negate_pointwise() {
  static constexpr PointwiseRule rule =
      cpu::pointwise_rule<1>([](auto lanes, auto x) { return decltype(lanes)::negate(x); }, 1);
  return rule;
}

}  // namespace hillock
