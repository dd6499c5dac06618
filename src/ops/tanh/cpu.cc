// The pointwise kernel of tanh.
#include "cpu/pointwise.h"
#include "ops/tanh/tanh.h"

namespace hillock {

const PointwiseRule& tanh_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(tanh_element, 34);
  return rule;
}

}  // namespace hillock
