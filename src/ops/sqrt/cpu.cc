// The pointwise kernel of sqrt.
#include "cpu/pointwise.h"
#include "ops/sqrt/sqrt.h"

namespace hillock {

const PointwiseRule& sqrt_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return L::sqrt(x);
      },
      1);
  return rule;
}

}  // namespace hillock
