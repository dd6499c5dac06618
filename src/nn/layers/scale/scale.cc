// (in − offset) · factor, computed in f64 whatever the input's type and rounded once, so that large numbers close
// together stay distinct.
#include "nn/layers/scale/scale.h"

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) + "_k = (in_k − offset_k) factor_k, in f64 and rounded once";
}

Layer build(const LayerSpec&) { refuse_text("scale", "what was fitted to its columns", "nn::scale"); }

}  // namespace

const LayerRecord& scale_record() {
  static const LayerRecord record{.word = "scale", .has_text = false, .build = &build, .trace = {.forward = &forward}};
  return record;
}

Layer scale(std::vector<double> offset, std::vector<double> factor) {
  require_one_each("scale", offset, factor);
  return [offset = std::move(offset), factor = std::move(factor)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("scale", graph, in, offset.size());
    const std::string name = scope.next_name("scale");
    const Value offsets = fitted(scope, name + ".offset", offset), factors = fitted(scope, name + ".factor", factor);
    const Value centred = ops::subtract(graph, ops::cast(graph, in, DType::f64), offsets);
    const Value out = ops::cast(graph, ops::multiply(graph, centred, factors), scope.dtype());
    return scope.tap({.layer = name, .record = &scale_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
