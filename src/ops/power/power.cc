// power: x^y, with the special cases of C's pow.
#include "ops/power/power.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("power", signature, 2); }

// z = x^y: dx = dz y x^(y-1); dy = dz z log x, and 0 where x is 0. At x = y = 0 the formula for dx would be 0 times
// infinity; using the exponent 0 instead of -1 gives the limit, 0. Where x is 0 the logarithm is taken of 1, because
// the branch that select does not take is differentiated as well.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Value y = graph.node(id).inputs[1];
  const Value zero = constant_like(graph, x, 0);
  const Value x_is_zero = ops::equal(graph, x, zero);
  const Value both_zero = ops::multiply(graph, x_is_zero, ops::equal(graph, y, zero));
  const Value exponent = ops::select(graph, both_zero, zero, ops::add(graph, y, -1));
  const Value slope = ops::multiply(graph, y, ops::power(graph, x, exponent));

  const Value log_x = ops::log(graph, ops::add(graph, x, x_is_zero));
  const Value growth = ops::multiply(graph, ops::multiply(graph, dout[0], {id, 0}), log_x);
  return {ops::multiply(graph, dout[0], slope), ops::select(graph, x_is_zero, zero, growth)};
}

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return math::power(x, y); });
}

}  // namespace

const Op& power_op() {
  static const Op op{.name = "power",
                     .summary = "x^y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &power_pointwise()};
  return op;
}

}  // namespace hillock
