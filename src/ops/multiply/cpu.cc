// The pointwise kernel of multiply.
#include "cpu/pointwise.h"
#include "ops/multiply/multiply.h"

namespace hillock {

const PointwiseRule& multiply_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(multiply_element, 1);
  return rule;
}

}  // namespace hillock
