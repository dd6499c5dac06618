// The pointwise kernel of add.
#include "cpu/pointwise.h"
#include "ops/add/add.h"

namespace hillock {

const PointwiseRule& add_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(add_element, 1);
  return rule;
}

}  // namespace hillock
