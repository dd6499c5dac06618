// The pointwise kernel of select.
#include "cpu/pointwise.h"
#include "ops/select/select.h"

namespace hillock {

const PointwiseRule& select_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<3>(select_element, 1);
  return rule;
}

}  // namespace hillock
