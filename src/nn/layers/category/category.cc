// Turns category numbers into indices for an embedding: from 0, with the number after the last for a missing cell.
#include "nn/layers/category/category.h"

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) + "_k = in_k, or the number of its column's categories where in_k is missing";
}

Layer build(const LayerSpec&) { refuse_text("category", "the categories of its columns", "nn::category_number"); }

}  // namespace

const LayerRecord& category_record() {
  static const LayerRecord record{
      .word = "category", .has_text = false, .build = &build, .trace = {.forward = &forward}};
  return record;
}

Layer category_number(std::vector<std::int64_t> categories) {
  std::vector<double> counts(categories.begin(), categories.end());
  return [counts = std::move(counts)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("category", graph, in, counts.size());
    const std::string name = scope.next_name("category");
    const TensorType type = graph.type(in);
    const Value end = fitted(scope, name + ".categories", counts, type.dtype);
    const Value known =
        ops::select(graph, ops::equal(graph, in, ops::constant(graph, type.dtype, type.shape, -1)), end, in);
    const Value number = ops::select(graph, ops::equal(graph, in, in), known, end);
    const Value out = ops::cast(graph, number, scope.dtype());
    return scope.tap({.layer = name, .record = &category_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
