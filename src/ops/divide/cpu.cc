// The pointwise kernel of divide.
#include "cpu/pointwise.h"
#include "ops/divide/divide.h"

namespace hillock {

const PointwiseRule& divide_pointwise() {
  static constexpr PointwiseRule rule = cpu::pointwise_rule<2>([](auto, auto x, auto y) { return x / y; }, 1);
  return rule;
}

}  // namespace hillock
