// The pointwise kernel of subtract.
#include "cpu/pointwise.h"
#include "ops/subtract/subtract.h"

namespace hillock {

const PointwiseRule& subtract_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(subtract_element, 1);
  return rule;
}

}  // namespace hillock
