// Passes rows through the layers before the network, block by block.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/step.h"
#include "hillock/text.h"
#include "model/checks.h"
#include "nn/row_plan.h"

namespace hillock {
namespace {

// Blocks are limited by the count of numbers, so that the plan needs little memory however many columns there are.
constexpr std::int64_t kNumbersOfABlock = 65536;

// What `network`, which has no parameters, computes from each row.
Tensor through(const Network& network, const Tensor& rows) {
  const std::int64_t count = rows.shape()[0], columns = rows.shape()[1];
  Tensor result(TensorType{network.options().dtype, {count, network.outputs()}, {}});
  if (count == 0) return result;
  const std::int64_t widest = std::max({columns, network.outputs(), std::int64_t{1}});
  const std::int64_t block = std::clamp(kNumbersOfABlock / widest, std::int64_t{1}, std::min(count, kRowsOfABlock));
  Graph graph;
  const Value in = graph.input("rows", {rows.dtype(), {block, columns}, {}});
  const Value out = network.describe(graph, in).prediction;
  RowPlan plan(graph, in, out, std::vector<const Store*>{&network.store()});
  plan.run_all(rows, result);
  return result;
}

// Whether categories have the same numbers in the data as in the encoding.
bool numbered_alike(const Dataset& data, const Encoding& encoding) {
  for (std::size_t i = 0; i < encoding.columns.size(); ++i) {
    if (data.is_categorical(i) && data.categories[i] != encoding.columns[i].categories) return false;
  }
  return true;
}

Tensor prepared_features(const Model& model, const Dataset& data) {
  require_columns("prepare", data, model.columns);
  if (data.has_targets()) require_same_targets("prepare", model, data);
  if (numbered_alike(data, model.encoding)) return model.prepare(data.features);
  return model.prepare(renumber_categories(data, model.encoding));
}

// Converts the targets of a regression, [rows, targets], to type `to`.
Tensor prepared_targets(const Model& model, Tensor targets, DType to) {
  if (model.task != Task::regression || targets.raw() == nullptr) return targets;
  const Scaler& scaler = model.targets;
  if (scaler.kind == Scale::none) return converted(std::move(targets), to);
  return through(Network({.layer = nn::scale(scaler.offset, scaler.factor),
                          .input = {targets.shape()[1]},
                          .dtype = to,
                          .in = targets.dtype()}),
                 targets);
}

}  // namespace

Examples PreparedRows::examples() const { return {&features, &targets, has_weights() ? &weights : nullptr}; }

Tensor Model::prepare(const Tensor& rows) const {
  require_rows("prepare", rows, columns.size());
  return through(preparation(rows.dtype(), network.options().dtype), rows);
}

PreparedRows Model::prepare(const Dataset& data) const {
  const DType dtype = network.options().dtype;
  return {.features = prepared_features(*this, data),
          .targets = prepared_targets(*this, data.targets, dtype),
          .weights = data.has_weights() ? converted(data.weights, dtype) : Tensor()};
}

PreparedRows Model::prepare(Dataset&& data) const {
  const DType dtype = network.options().dtype;
  PreparedRows rows{.features = prepared_features(*this, data), .targets = {}, .weights = {}};
  data.features = Tensor();
  rows.targets = prepared_targets(*this, std::move(data.targets), dtype);
  if (data.has_weights()) rows.weights = converted(std::move(data.weights), dtype);
  return rows;
}

Tensor Model::predict(const Tensor& rows, const SessionOptions& options) const {
  return predict(rows, network, options);
}

Tensor Model::predict(const Tensor& rows, const Network& with, const SessionOptions& options) const {
  require_rows("predict", rows, columns.size());
  const DType dtype = with.options().dtype;
  const std::int64_t count = rows.shape()[0];
  Tensor result(TensorType{prediction_dtype(dtype), {count, with.outputs()}, {}});
  if (count == 0) return result;
  const Store statistics = fitted(rows.dtype(), with);
  Graph graph;
  const Value in = graph.input("rows", {rows.dtype(), {std::min(count, kRowsOfABlock), rows.shape()[1]}, {}});
  const DescribedModel described = describe(graph, in, with);
  RowPlan(graph, in, described.answer, std::vector<const Store*>{&statistics, &with.store()}, options)
      .run_all(rows, result);
  return result;
}

}  // namespace hillock
