// 1 for a missing cell, 0 for a present one.
#include "nn/layers/missing/missing.h"

#include <algorithm>

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) { return std::string(layer.out) + "_k = 1 where in_k is missing, else 0"; }

Layer build(const LayerSpec&) { refuse_text("missing", "the kinds of its columns", "nn::missing_indicator"); }

}  // namespace

const LayerRecord& missing_record() {
  static const LayerRecord record{
      .word = "missing", .has_text = false, .build = &build, .trace = {.forward = &forward}};
  return record;
}

Layer missing_indicator(std::vector<double> categorical) {
  return [categorical = std::move(categorical)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("missing", graph, in, categorical.size());
    const std::string name = scope.next_name("missing");
    const TensorType type = graph.type(in);
    const Value one = ops::constant(graph, type.dtype, type.shape, 1), present = ops::equal(graph, in, in);
    Value missing = ops::subtract(graph, one, present);
    if (std::ranges::any_of(categorical, [](double value) { return value != 0; })) {
      const Value kinds = fitted(scope, name + ".categorical", categorical, type.dtype);
      const Value minus_one = ops::constant(graph, type.dtype, type.shape, -1);
      missing = ops::select(graph, present, ops::multiply(graph, ops::equal(graph, in, minus_one), kinds), one);
    }
    const Value out = ops::cast(graph, missing, scope.dtype());
    return scope.tap({.layer = name, .record = &missing_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
