// The pointwise kernel of minimum.
#include "cpu/pointwise.h"
#include "ops/minimum/minimum.h"

namespace hillock {

const PointwiseRule& minimum_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(
      [](auto lanes, auto x, auto y) {
        using L = decltype(lanes);
        return L::select(L::either(L::less(x, y), L::is_nan(x)), x, y);
      },
      1);
  return rule;
}

}  // namespace hillock
