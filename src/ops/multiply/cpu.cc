// The pointwise kernel of multiply.
#include "cpu/pointwise.h"
#include "ops/multiply/multiply.h"

namespace hillock {

const PointwiseRule& multiply_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>([](auto, auto x, auto y) { return x * y; }, 1);
  return rule;
}

}  // namespace hillock
