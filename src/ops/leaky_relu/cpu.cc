// The pointwise kernel of leaky_relu.
#include "cpu/pointwise.h"
#include "ops/leaky_relu/leaky_relu.h"

namespace hillock {

const PointwiseRule& leaky_relu_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto slope, auto x) {
        using L = decltype(lanes);
        return L::select(L::less(L::set(0), x), x, slope * x);
      },
      [](const Attributes& attributes) {
        return std::array<double, 2>{attributes.real("slope"), 0};
      },
      2);
  return rule;
}

}  // namespace hillock
