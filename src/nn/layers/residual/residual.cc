// A shortcut around layers (He, Zhang, Ren & Sun 2016): the input plus what the layers compute from it.
#include "nn/layers/residual/residual.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"

namespace hillock::nn {
namespace {

Shape shape(const LayerSpec& spec, const Shape& row) {
  if (spec.inside.empty()) throw Error("it holds no layers; give at least one");
  const Shape made = shapes_of(spec.inside, row).back();
  if (made == row) return row;
  throw Error(
      fmt::format("the layers in it turn rows of {} into {}; their last must give {}, to be added to what comes "
                  "in",
                  row.to_string(), made.to_string(), row.to_string()));
}

Layer build(const LayerSpec& spec) { return residual(build_layers(spec.inside)); }

std::string forward(const LayerView& layer) {
  const bool shown = layer.given.size() > 1 && !layer.given[1].empty();
  return fmt::format("{}_k = in_k + f_k,  f what {} gives", layer.out, shown ? layer.given[1] : "the last layer in it");
}

// The gradient of a sum is passed on to both terms unchanged.
std::string backward(const LayerView& layer, std::size_t) { return fmt::format("∂E/∂a_j of {}", layer.name); }

std::string backward_numbers(const LayerView&, std::size_t, const ElementView& element) {
  return trace_figure(element.gradient);
}

}  // namespace

const LayerRecord& residual_record() {
  static const LayerRecord record{
      .word = "residual",
      .form = "residual(LAYERS)",
      .summary =
          "what comes in plus what the layers make of it, which must keep its shape:\n"
          "\"dense 32, residual(dense 32 relu, dense 32 identity)\"",
      .example = "residual(dense 6 tanh, dense 4 identity)",
      .holds_layers = true,
      .shape = &shape,
      .build = &build,
      .trace = {.forward = &forward, .backward = &backward, .backward_numbers = &backward_numbers}};
  return record;
}

Layer residual(Layer inside) {
  return [inside = std::move(inside)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("residual");
    const Value made = scope.describe_inside(name, inside, in);
    if (graph.type(made) != graph.type(in)) {
      throw Error(fmt::format("residual: the layer in it turns {} into {}; it must keep the shape",
                              graph.type(in).to_string(), graph.type(made).to_string()));
    }
    return scope.tap({.layer = name, .record = &residual_record(), .in = {in, made}},
                     graph.set_name(ops::add(graph, in, made), name));
  };
}

}  // namespace hillock::nn
