// in / factor + offset, computed in f64 and rounded once: converts numbers back to the units before scale().
#include "nn/layers/unscale/unscale.h"

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) + "_k = in_k / factor_k + offset_k, in f64 and rounded once";
}

Layer build(const LayerSpec&) { refuse_text("unscale", "what was fitted to its columns", "nn::unscale"); }

}  // namespace

const LayerRecord& unscale_record() {
  static const LayerRecord record{
      .word = "unscale", .has_text = false, .build = &build, .trace = {.forward = &forward}};
  return record;
}

Layer unscale(std::vector<double> offset, std::vector<double> factor) {
  require_one_each("unscale", offset, factor);
  return [offset = std::move(offset), factor = std::move(factor)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("unscale", graph, in, offset.size());
    const std::string name = scope.next_name("unscale");
    const Value offsets = fitted(scope, name + ".offset", offset), factors = fitted(scope, name + ".factor", factor);
    const Value stretched = ops::divide(graph, ops::cast(graph, in, DType::f64), factors);
    const Value out = ops::cast(graph, ops::add(graph, stretched, offsets), scope.dtype());
    return scope.tap({.layer = name, .record = &unscale_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
