// The pointwise kernel of abs.
#include "cpu/pointwise.h"
#include "ops/abs/abs.h"

namespace hillock {

const PointwiseRule& abs_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return L::abs(x);
      },
      1);
  return rule;
}

}  // namespace hillock
