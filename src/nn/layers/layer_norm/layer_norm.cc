// Layer normalization (Ba, Kiros & Hinton 2016): scales each row by its own mean and variance, then applies a learned
// gain and bias. Mean and variance are taken over all numbers of a row, whatever its axes.
#include "nn/layers/layer_norm/layer_norm.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/text.h"

namespace hillock::nn {
namespace {

constexpr double kEpsilon = 1e-5, kLeast = 1e-12;  // f32 can square 1e-6 and add 1e-12 without losing it

LayerAttributes parse(const LayerText& text) {
  text.require_at_most(2);
  if (text.words.size() == 1) return {{"epsilon", kEpsilon}};
  const std::optional<double> epsilon = text.real(1);
  if (!epsilon || !(*epsilon >= kLeast && *epsilon <= 1)) {
    text.fail(fmt::format("epsilon, {}, must be from {} to 1", quote(text.words[1]), kLeast));
  }
  return {{"epsilon", *epsilon}};
}

std::string print(const LayerSpec& spec) {
  const double epsilon = spec.attributes.real("epsilon");
  return epsilon == kEpsilon ? "layer-norm" : fmt::format("layer-norm {}", epsilon);
}

Shape shape(const LayerSpec&, const Shape& row) {
  if (row.elements() > 1) return row;
  throw Error(
      fmt::format("rows of {} have no variance and would all become the bias; leave it out here", row.to_string()));
}

// Uses the two-pass formula: the variance is the mean square after the mean was subtracted.
Value normalized(Graph& graph, Value x, double epsilon) {  // [batch, features]
  const Shape column{graph.type(x).shape[0], 1};
  const Value centred = ops::subtract(graph, x, ops::reshape(graph, ops::mean(graph, x, {1}), column));
  const Value variance = ops::mean(graph, ops::multiply(graph, centred, centred), {1});
  const Value deviation = ops::sqrt(graph, ops::add(graph, variance, epsilon));
  return ops::divide(graph, centred, ops::reshape(graph, deviation, column));
}

Layer build(const LayerSpec& spec) {
  const double epsilon = spec.attributes.real("epsilon");
  return [epsilon](Scope& scope, Value in) {
    constexpr Initializer kOne{.kind = Initializer::Kind::constant, .scale = 1, .fixed = true};
    Graph& graph = scope.graph();
    const Shape given = graph.type(in).shape;
    const std::int64_t features = given.elements() / given[0];
    const std::string name = scope.next_name("layer-norm");
    const Value gain = scope.parameter(name + ".gain", {features}, kOne, features, features);
    const Value bias =
        scope.parameter(name + ".bias", {features}, {.kind = Initializer::Kind::zeros}, features, features);
    Value out = given.rank() == 2 ? in : ops::reshape(graph, in, {given[0], features});
    out = ops::add(graph, ops::multiply(graph, normalized(graph, out, epsilon), gain), bias);
    if (given.rank() != 2) out = ops::reshape(graph, out, given);
    return scope.tap({.layer = name, .record = &layer_norm_record(), .attributes = {{"epsilon", epsilon}}, .in = {in}},
                     graph.set_name(out, name));
  };
}

std::string forward(const LayerView& layer) {
  return fmt::format("n_k = (in_k − m) / √(v + {}),  {}_k = g_k n_k + b_k,  m and v mean and variance of the row",
                     trace_figure(layer.attributes->real("epsilon")), layer.out);
}

// With y_k = ∂E/∂n_k and s = √(v + ε): the path through m subtracts the mean of y, and that through ∂s/∂x_j = n_j / F
// subtracts n_j times the mean of y n.
std::string backward(const LayerView& layer, std::size_t) {
  return fmt::format("(y_j − mean y − n_j mean y n) / √(v + {}),  y_k = g_k ∂E/∂a_k of {}",
                     trace_figure(layer.attributes->real("epsilon")), layer.name);
}

}  // namespace

const LayerRecord& layer_norm_record() {
  static const LayerRecord record{
      .word = "layer-norm",
      .form = "layer-norm [EPSILON]",
      .summary =
          "brings each row to mean 0 and variance 1, then a learnt gain and bias; EPSILON (1e-5) is added to\n"
          "the variance",
      .example = "layer-norm 0.001",
      .parse = &parse,
      .print = &print,
      .shape = &shape,
      .build = &build,
      .trace = {.forward = &forward,
                .backward = &backward,
                .parameters = {{"gain", "g_k", "∂E/∂a_k n_k"}, {"bias", "b_k", "∂E/∂a_k"}}}};
  return record;
}

}  // namespace hillock::nn
