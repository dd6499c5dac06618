// Describes a model as one graph: the network, and the layers before and behind it with what was fitted to training
// rows.
#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "core/row_shape.h"
#include "data/float_precision.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

constexpr const char* kPreparation = "preparation.";
constexpr const char* kAnswer = "answer.";

// Casts to the type of the network, or of the answer.
Value as_asked(nn::Scope& scope, Value in) { return ops::cast(scope.graph(), in, scope.dtype()); }

// The replacements for missing numbers, rounded to the wider type of rows and network like the other numbers of a
// column.
std::vector<double> rounded_fill(const Encoding& encoding, DType rows, DType to) {
  std::vector<double> fill = encoding.fill;
  if (rows == DType::f64 || to == DType::f64) return fill;
  for (double& value : fill) value = static_cast<double>(static_cast<float>(value));
  return fill;
}

// The layers that a numeric column passes through.
nn::Layer number_layer(const Model& model, DType rows, DType to) {
  const bool scaled = model.features.kind != Scale::none;
  std::vector<nn::Layer> layers;
  if (!model.encoding.empty()) {
    const DType working = scaled || rows == DType::f64 || to == DType::f64 ? DType::f64 : DType::f32;
    layers.push_back(nn::impute(rounded_fill(model.encoding, rows, to), working));
  }
  if (scaled) layers.push_back(nn::scale(model.features.offset, model.features.factor));
  layers.emplace_back(&as_asked);
  return nn::sequential(std::move(layers));
}

std::vector<nn::ColumnInputs> inputs_of(const Encoding& encoding) {
  std::vector<nn::ColumnInputs> inputs;
  for (const ColumnEncoding& column : encoding.columns) {
    inputs.push_back({.categories = static_cast<std::int64_t>(column.categories.size()),
                      .cycles = column.cycles,
                      .missing = column.missing,
                      .embedded = column.is_embedded()});
  }
  return inputs;
}

}  // namespace

DType Model::prediction_dtype(DType network_dtype) const {
  bool large = false;
  for (std::size_t k = 0; k < targets.offset.size(); ++k)
    large = large || std::abs(targets.offset[k] * targets.factor[k]) > kMagnitudePerSpread;
  return rows_in_f64 && large ? DType::f64 : network_dtype;
}

Network Model::preparation(DType rows, DType to) const {
  nn::Layer layer = number_layer(*this, rows, to);
  if (!encoding.empty()) layer = nn::columns(inputs_of(encoding), std::move(layer));
  return Network({.layer = std::move(layer),
                  .input = {static_cast<std::int64_t>(columns.size())},
                  .dtype = to,
                  .in = rows,
                  .prefix = kPreparation});
}

Network Model::answer(const Network& with) const {
  const DType from = with.options().dtype;
  nn::Layer layer = &as_asked;
  if (targets.kind != Scale::none) layer = nn::unscale(targets.offset, targets.factor);
  return Network({.layer = std::move(layer),
                  .input = {with.outputs()},
                  .dtype = prediction_dtype(from),
                  .in = from,
                  .prefix = kAnswer});
}

DescribedModel Model::describe(Graph& graph, Value rows, const Network& with) const {
  const DType dtype = with.options().dtype;
  const TensorType type = graph.type(rows);
  DescribedModel described;
  described.prepared = preparation(type.dtype, dtype).describe(graph, rows).prediction;
  const Shape input = with.options().input;
  const std::int64_t made = graph.type(described.prepared).shape[1];
  if (made != input.elements()) {
    throw Error(fmt::format("model: its columns make {} inputs and its network takes {}; make the network for as many",
                            made, input.elements()));
  }
  if (input.rank() != 1) described.prepared = ops::reshape(graph, described.prepared, with_rows(type.shape[0], input));
  described.out = with.describe(graph, described.prepared);
  described.answer = answer(with).describe(graph, described.out.prediction).prediction;
  return described;
}

Store Model::fitted(DType rows, const Network& with) const {
  Store all;
  copy_state(preparation(rows, with.options().dtype).store(), all, kLearnt);
  copy_state(answer(with).store(), all, kLearnt);
  return all;
}

}  // namespace hillock
