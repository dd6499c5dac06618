// less: 1 where x < y, else 0 (also where either is NaN).
#include "ops/less/less.h"

#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("less", signature, 2); }

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return decltype(x)(x < y); });
}

}  // namespace

const Op& less_op() {
  static const Op op{.name = "less",
                     .summary = "1 where x < y, else 0 (also where either is NaN)",
                     .infer = &infer,
                     .reference = &reference,
                     .pointwise = &less_pointwise(),
                     .kink = &kink_where_equal};
  return op;
}

}  // namespace hillock
