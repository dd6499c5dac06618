// The pointwise kernel of negate.
#include "cpu/pointwise.h"
#include "ops/negate/negate.h"

namespace hillock {

const PointwiseRule& negate_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(negate_element, 1);
  return rule;
}

}  // namespace hillock
