// The pointwise kernel of sqrt.
#include "cpu/pointwise.h"
#include "ops/sqrt/sqrt.h"

namespace hillock {

const PointwiseRule& sqrt_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(sqrt_element, 1);
  return rule;
}

}  // namespace hillock
