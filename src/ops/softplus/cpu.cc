// The pointwise kernel of softplus.
#include "cpu/pointwise.h"
#include "ops/softplus/softplus.h"

namespace hillock {

const PointwiseRule& softplus_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<1>(softplus_element, 60);
  return rule;
}

}  // namespace hillock
