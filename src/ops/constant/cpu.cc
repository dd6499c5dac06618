// The pointwise kernel of constant.
#include "cpu/pointwise.h"
#include "ops/constant/constant.h"

namespace hillock {

const PointwiseRule& constant_pointwise() {
  static constexpr PointwiseRule rule =
      cpu::pointwise_rule<0>([](auto, auto value) { return value; },
                             [](const Attributes& attributes) {
                               return std::array<double, 2>{attributes.real("value"), 0};
                             },
                             0);
  return rule;
}

}  // namespace hillock
