// An input for each category. The input for category c of column i depends on x_i alone. It is 1 if c ≤ x_i < c + 1,
// hence 0 for numbers that are not a category and for NaN. All inputs of all columns take two steps, however many there
// are: one gathers the column of each input, the other compares.
#include "nn/layers/one_hot/one_hot.h"

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) + "_k = 1 where in of its column_k is its category_k, else 0 (both count from 0)";
}

Layer build(const LayerSpec&) { refuse_text("one-hot", "the categories of its columns", "nn::one_hot"); }

}  // namespace

const LayerRecord& one_hot_record() {
  static const LayerRecord record{
      .word = "one-hot", .has_text = false, .build = &build, .trace = {.forward = &forward, .in_beside_out = false}};
  return record;
}

Layer one_hot(std::vector<std::int64_t> categories) {
  std::vector<double> column, category;  // of each input
  for (std::size_t i = 0; i < categories.size(); ++i) {
    for (std::int64_t c = 0; c < categories[i]; ++c) {
      column.push_back(static_cast<double>(i));
      category.push_back(static_cast<double>(c));
    }
  }
  if (category.empty()) throw Error("one-hot: no column has a category; leave it out");
  return [columns = categories.size(), column = std::move(column), category = std::move(category)](Scope& scope,
                                                                                                   Value in) {
    Graph& graph = scope.graph();
    require_columns("one-hot", graph, in, columns);
    const std::string name = scope.next_name("one-hot");
    const TensorType type = graph.type(in);
    const auto inputs = static_cast<std::int64_t>(category.size());
    const Value places =
        ops::to_index(graph, fitted(scope, name + ".column", column), static_cast<std::int64_t>(columns));
    const Value own = ops::reshape(graph, fitted(scope, name + ".category", category, type.dtype), Shape{inputs, 1});
    const Value x = ops::gather(graph, ops::transpose(graph, in), places);  // [inputs, batch]
    // 1 where x − 1 < c but not x < c. The former stands for x < c + 1, in which the sum could be rounded.
    const Value before = ops::less(graph, ops::add(graph, x, -1), own);
    const Value hot = ops::subtract(graph, before, ops::less(graph, x, own));
    const Value out = ops::transpose(graph, ops::cast(graph, hot, scope.dtype()));
    return scope.tap({.layer = name, .record = &one_hot_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
