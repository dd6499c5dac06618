// The pointwise kernel of maximum.
#include "cpu/pointwise.h"
#include "ops/maximum/maximum.h"

namespace hillock {

const PointwiseRule& maximum_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(
      [](auto lanes, auto x, auto y) {
        using L = decltype(lanes);
        return L::select(L::either(L::less(y, x), L::is_nan(x)), x, y);
      },
      1);
  return rule;
}

}  // namespace hillock
