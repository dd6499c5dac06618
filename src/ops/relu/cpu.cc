// The pointwise kernel of relu.
#include "cpu/pointwise.h"
#include "ops/relu/relu.h"

namespace hillock {

const PointwiseRule& relu_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(relu_element, 1);
  return rule;
}

}  // namespace hillock
