// The pointwise kernel of equal.
#include "cpu/pointwise.h"
#include "ops/equal/equal.h"

namespace hillock {

const PointwiseRule& equal_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(equal_element, 1);
  return rule;
}

}  // namespace hillock
