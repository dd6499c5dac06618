// Values left out while training.
#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/ops.h"

namespace hillock::nn {

Layer dropout(double rate) {
  if (!(rate >= 0 && rate < 1))
    throw Error(fmt::format("dropout: the rate is {}; it must be at least 0 and below 1", rate));
  return [rate](Scope& scope, Value in) {
    if (!scope.training() || rate == 0) return in;
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("dropout");
    const TensorType type = graph.type(in);
    const Value draw = scope.random_uniform(name, type.shape);
    const Value dropped = ops::less(graph, draw, ops::constant(graph, type.dtype, type.shape, rate));
    const Value zero = ops::constant(graph, type.dtype, type.shape, 0);
    const Value out = ops::select(graph, dropped, zero, ops::multiply(graph, in, 1 / (1 - rate)));
    return scope.tap({.layer = name, .kind = TapPoint::Kind::dropout, .rate = rate, .in = in},
                     graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
