// The pointwise kernel of select.
#include "cpu/pointwise.h"
#include "ops/select/select.h"

namespace hillock {

const PointwiseRule& select_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<3>(
      [](auto lanes, auto condition, auto x, auto y) {
        using L = decltype(lanes);
        return L::select(L::equal(condition, L::set(0)), y, x);
      },
      1);
  return rule;
}

}  // namespace hillock
