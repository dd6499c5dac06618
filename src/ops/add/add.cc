// add: x + y.
#include "ops/add/add.h"

#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("add", signature, 2); }

// z = x + y: dx = dz, dy = dz.
std::vector<Value> gradient(Graph&, NodeId, std::span<const Value> dout) { return {dout[0], dout[0]}; }

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return x + y; });
}

}  // namespace

const Op& add_op() {
  static const Op op{.name = "add",
                     .summary = "x + y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &add_pointwise()};
  return op;
}

}  // namespace hillock
