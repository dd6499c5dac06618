// The pointwise kernel of divide.
#include "cpu/pointwise.h"
#include "ops/divide/divide.h"

namespace hillock {

const PointwiseRule& divide_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>(divide_element, 1);
  return rule;
}

}  // namespace hillock
