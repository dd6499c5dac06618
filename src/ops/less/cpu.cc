// The pointwise kernel of less.
#include "cpu/pointwise.h"
#include "ops/less/less.h"

namespace hillock {

const PointwiseRule& less_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(
      [](auto lanes, auto x, auto y) {
        using L = decltype(lanes);
        return L::select(L::less(x, y), L::set(1), L::set(0));
      },
      1);
  return rule;
}

}  // namespace hillock
