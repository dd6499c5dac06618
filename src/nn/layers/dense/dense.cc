// A product with a weight, a bias, an activation.
#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/ops.h"

namespace hillock::nn {

Layer dense(std::int64_t units, DenseOptions options) {
  if (units < 1) throw Error(fmt::format("dense: {} units; a layer needs at least one", units));
  return [units, options](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape shape = graph.type(in).shape;
    if (shape.rank() < 2)
      throw Error(fmt::format("dense: the input {} has no axis of features after the batch", shape.to_string()));
    const std::int64_t batch = shape[0];
    std::int64_t features = 1;
    for (int axis = 1; axis < shape.rank(); ++axis) features *= shape[axis];
    if (shape.rank() > 2) in = ops::reshape(graph, in, {batch, features});

    const std::string name = options.name.empty() ? scope.next_name("dense") : options.name;
    const Initializer initializer = options.weight.value_or(default_initializer(options.activation));
    const Value weight = scope.parameter(name + ".weight", {features, units}, initializer, features, units);
    Value out = ops::matmul(graph, in, weight);
    if (options.use_bias)
      out = ops::add(graph, out, scope.parameter(name + ".bias", {units}, options.bias, features, units));
    TapPoint point{.layer = name, .stage = TapPoint::Stage::z, .activation = options.activation, .in = in};
    out = scope.tap(point, out);
    point.stage = TapPoint::Stage::a;
    return scope.tap(point, graph.set_name(scope.activate(name, out, options.activation), name));
  };
}

}  // namespace hillock::nn
