// The pointwise kernel of relu.
#include "cpu/pointwise.h"
#include "ops/relu/relu.h"

namespace hillock {

const PointwiseRule& relu_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(
      [](auto lanes, auto x) {
        using L = decltype(lanes);
        return L::select(L::less(x, L::set(0)), L::set(0), x);
      },
      1);
  return rule;
}

}  // namespace hillock
