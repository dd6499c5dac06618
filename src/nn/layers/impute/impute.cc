// Replaces missing numbers: in_k is kept if it equals itself, which NaN does not.
#include "nn/layers/impute/impute.h"

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) + "_k = in_k, or fill_k where in_k is missing";
}

Layer build(const LayerSpec&) { refuse_text("impute", "what was fitted to its columns", "nn::impute"); }

}  // namespace

const LayerRecord& impute_record() {
  static const LayerRecord record{.word = "impute", .has_text = false, .build = &build, .trace = {.forward = &forward}};
  return record;
}

Layer impute(std::vector<double> fill, DType dtype) {
  return [fill = std::move(fill), dtype](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("impute", graph, in, fill.size());
    const std::string name = scope.next_name("impute");
    const Value x = ops::cast(graph, in, dtype);
    const Value out = ops::select(graph, ops::equal(graph, x, x), x, fitted(scope, name + ".fill", fill, dtype));
    return scope.tap({.layer = name, .record = &impute_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
