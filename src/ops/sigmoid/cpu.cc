// The pointwise kernel of sigmoid.
#include "cpu/pointwise.h"
#include "ops/sigmoid/sigmoid.h"

namespace hillock {

const PointwiseRule& sigmoid_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(sigmoid_element, 30);
  return rule;
}

}  // namespace hillock
