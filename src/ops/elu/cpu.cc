// The pointwise kernel of elu.
#include "cpu/pointwise.h"
#include "ops/elu/elu.h"

namespace hillock {

const PointwiseRule& elu_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto alpha, auto x) {
        using L = decltype(lanes);
        return L::select(L::less(L::set(0), x), x, alpha * math::generic::expm1_nonpositive<L>(x));
      },
      [](const Attributes& attributes) {
        return std::array<double, 2>{attributes.real("alpha"), 0};
      },
      34);
  return rule;
}

}  // namespace hillock
