// The pointwise kernel of less.
#include "cpu/pointwise.h"
#include "ops/less/less.h"

namespace hillock {

const PointwiseRule& less_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(less_element, 1);
  return rule;
}

}  // namespace hillock
