// A product with a weight, plus a bias, followed by an activation.
#include "nn/layers/dense/dense.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/text.h"

namespace hillock::nn {
namespace {

constexpr std::int64_t kMaxUnits = 1 << 20;

// "64" is short for "dense 64".
bool recognizes(std::span<const std::string_view> words) {
  return words[0] == "dense" || LayerText{.words = words, .where = {}}.integer(0).has_value();
}

std::int64_t units_in(const LayerText& text, std::size_t index) {
  const std::optional<std::int64_t> units = text.integer(index);
  if (!units) text.fail(fmt::format("{} is not a number of units", quote(text.words[index])));
  if (*units < 1 || *units > kMaxUnits) text.fail(fmt::format("{} units; a layer has 1 to {}", *units, kMaxUnits));
  return *units;
}

LayerAttributes parse(const LayerText& text) {
  const bool alone = text.words[0] != "dense";
  if (alone && text.words.size() > 1) {
    text.fail(fmt::format("units and an activation are written {}",
                          quote(fmt::format("dense {}", fmt::join(text.words, " ")))));
  }
  if (alone) return {{"units", units_in(text, 0)}, {"activation", Activation::relu}};
  if (text.words.size() < 2) text.fail("dense needs a number of units");
  text.require_at_most(3);
  const std::int64_t units = units_in(text, 1);
  const Activation activation = text.words.size() == 3 ? text.activation(2) : Activation::relu;
  if (activation == Activation::softmax) text.fail("softmax is for the output layer");
  return {{"units", units}, {"activation", activation}};
}

std::string print(const LayerSpec& spec) {
  return fmt::format("dense {} {}", spec.attributes.integer("units"),
                     name_of(spec.attributes.activation("activation")));
}

Shape shape(const LayerSpec& spec, const Shape& row) {
  if (row.rank() == 0) throw Error("dense: a row is one number without an axis of features; give rows of [1]");
  return {spec.attributes.integer("units")};
}

Layer build(const LayerSpec& spec) {
  return dense(spec.attributes.integer("units"), {.activation = activation_of(spec.attributes)});
}

std::string forward(const LayerView& layer) {
  return fmt::format("z_k = Σ_j {}_j w_jk + b_k,  {} = {}", layer.in, layer.out,
                     formula_of(activation_of(*layer.attributes)));
}

std::string backward(const LayerView& layer, std::size_t) {
  return fmt::format("Σ_k δ_k w_jk over the units k of {}", layer.name);
}

Value flattened(Graph& graph, Value in) {
  const Shape shape = graph.type(in).shape;
  if (shape.rank() < 2)
    throw Error(fmt::format("dense: the input {} has no axis of features after the batch", shape.to_string()));
  if (shape.rank() == 2) return in;
  std::int64_t features = 1;
  for (int axis = 1; axis < shape.rank(); ++axis) features *= shape[axis];
  return ops::reshape(graph, in, {shape[0], features});
}

}  // namespace

const LayerRecord& dense_record() {
  static const LayerRecord record{
      .word = "dense",
      .form = "dense N [ACTIVATION]",
      .summary = "N units; relu unless an activation is named. A number alone is the same: \"64, 32\"",
      .example = "dense 4 tanh",
      .recognizes = &recognizes,
      .parse = &parse,
      .print = &print,
      .shape = &shape,
      .build = &build,
      .takes_activation = true,
      .trace = {.forward = &forward,
                .backward = &backward,
                .parameters = {{"weight", "w_jk", "{}_j δ_k"}, {"bias", "b_k", "δ_k"}}}};
  return record;
}

Layer dense(std::int64_t units, DenseOptions options) {
  if (units < 1) throw Error(fmt::format("dense: {} units; a layer needs at least one", units));
  return [units, options](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    in = flattened(graph, in);
    const std::int64_t features = graph.type(in).shape[1];

    const std::string name = options.name.empty() ? scope.next_name("dense") : scope.full_name(options.name);
    const Initializer initializer = options.weight.value_or(default_initializer(options.activation));
    const Value weight = scope.parameter(name + ".weight", {features, units}, initializer, features, units);
    Value out = ops::matmul(graph, in, weight);
    if (options.use_bias)
      out = ops::add(graph, out, scope.parameter(name + ".bias", {units}, options.bias, features, units));
    TapPoint point{.layer = name,
                   .record = &dense_record(),
                   .stage = TapPoint::Stage::z,
                   .attributes = {{"activation", options.activation}},
                   .in = {in}};
    out = scope.tap(point, out);
    point.stage = TapPoint::Stage::a;
    return scope.tap(point, graph.set_name(scope.activate(name, out, options.activation), name));
  };
}

}  // namespace hillock::nn
