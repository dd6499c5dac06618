// Scopes and layers.
#include <fmt/format.h>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/ops.h"

namespace hillock::nn {

const ParameterSpec* ParameterLayout::find(std::string_view name) const {
  for (const ParameterSpec& parameter : parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

Scope::Scope(Graph& graph, DType dtype, bool training, ParameterLayout& collected)
    : graph_(&graph), dtype_(dtype), training_(training), collected_(&collected) {}

Scope::Scope(Graph& graph, DType dtype, bool training, const ParameterLayout& layout, Value block, Value position)
    : graph_(&graph), dtype_(dtype), training_(training), layout_(&layout), block_(block), position_(position) {}

std::string Scope::next_name(const std::string& kind) { return fmt::format("{}{}", kind, ++counts_[kind]); }

Value Scope::parameter(const std::string& name, const Shape& shape, const Initializer& initializer, std::int64_t fan_in,
                       std::int64_t fan_out) {
  if (values_.contains(name))
    throw Error(fmt::format("network: two parameters are called \"{}\"; give each layer a name of its own", name));
  Value value;
  if (collected_ != nullptr) {
    collected_->parameters.push_back({name, shape, initializer, fan_in, fan_out, collected_->elements});
    collected_->elements += shape.elements();
    value = graph_->state(name, {dtype_, shape, {}});
  } else {
    const ParameterSpec* spec = layout_->find(name);
    if (spec == nullptr || spec->shape != shape) {
      throw Error(
          fmt::format("network: parameter \"{}\" {} was not there when the network was first described; a layer "
                      "must ask for the same parameters every time",
                      name, shape.to_string()));
    }
    const Value part = ops::slice(*graph_, block_, {spec->offset}, {shape.elements()});
    value = graph_->set_name(ops::reshape(*graph_, part, shape), name);
  }
  values_[name] = value;
  return value;
}

Value Scope::random_uniform(const std::string& name, const Shape& shape) {
  if (collected_ != nullptr) return ops::constant(*graph_, dtype_, shape, 0.5);
  if (!position_) throw Error(fmt::format("network: \"{}\" asks for random numbers outside training", name));
  return ops::random_uniform(*graph_, position_, shape, dtype_, static_cast<std::int64_t>(hash_name(name)));
}

Value Scope::activate(const std::string& name, Value x, Activation activation) {
  const bool follows = name.empty() && !activated_.empty();
  activated_.push_back({follows ? activated_.back().layer : name, activation, x});
  return nn::activate(*graph_, x, activation);
}

Layer dense(std::int64_t units, DenseOptions options) {
  if (units < 1) throw Error(fmt::format("dense: {} units; a layer needs at least one", units));
  return [units, options](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape shape = graph.type(in).shape;
    if (shape.rank() < 2)
      throw Error(fmt::format("dense: the input {} has no axis of features after the batch", shape.to_string()));
    const std::int64_t batch = shape[0];
    std::int64_t features = 1;
    for (int axis = 1; axis < shape.rank(); ++axis) features *= shape[axis];
    if (shape.rank() > 2) in = ops::reshape(graph, in, {batch, features});

    const std::string name = options.name.empty() ? scope.next_name("dense") : options.name;
    const Initializer initializer = options.weight.value_or(default_initializer(options.activation));
    const Value weight = scope.parameter(name + ".weight", {features, units}, initializer, features, units);
    Value out = ops::matmul(graph, in, weight);
    if (options.use_bias)
      out = ops::add(graph, out, scope.parameter(name + ".bias", {units}, options.bias, features, units));
    TapPoint point{.layer = name, .stage = TapPoint::Stage::z, .activation = options.activation, .in = in};
    out = scope.tap(point, out);
    point.stage = TapPoint::Stage::a;
    return scope.tap(point, graph.set_name(scope.activate(name, out, options.activation), name));
  };
}

Layer dropout(double rate) {
  if (!(rate >= 0 && rate < 1))
    throw Error(fmt::format("dropout: the rate is {}; it must be at least 0 and below 1", rate));
  return [rate](Scope& scope, Value in) {
    if (!scope.training() || rate == 0) return in;
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("dropout");
    const TensorType type = graph.type(in);
    const Value draw = scope.random_uniform(name, type.shape);
    const Value dropped = ops::less(graph, draw, ops::constant(graph, type.dtype, type.shape, rate));
    const Value zero = ops::constant(graph, type.dtype, type.shape, 0);
    const Value out = ops::select(graph, dropped, zero, ops::multiply(graph, in, 1 / (1 - rate)));
    return scope.tap({.layer = name, .kind = TapPoint::Kind::dropout, .rate = rate, .in = in},
                     graph.set_name(out, name));
  };
}

Layer activation(Activation activation) {
  return [activation](Scope& scope, Value in) {
    const TapPoint point{
        .layer = scope.next_name("activation"), .kind = TapPoint::Kind::activation, .activation = activation, .in = in};
    return scope.tap(point, scope.activate("", in, activation));
  };
}

namespace {

// The rows of the table that the numbers `categories` [batch, 1] name, and zeros for the number after the last.
Value embedded(Scope& scope, Value categories, const Embedding& table) {
  constexpr Initializer kInitializer{.kind = Initializer::Kind::normal, .scale = 0.1};
  Graph& graph = scope.graph();
  const TensorType type = graph.type(categories);
  const std::string name = scope.next_name("embedding");
  const Value weight =
      scope.parameter(name + ".weight", {table.categories, table.width}, kInitializer, table.categories, table.width);
  const Value indices = ops::to_index(graph, ops::reshape(graph, categories, {type.shape[0]}), table.categories);
  const Value end = ops::constant(graph, type.dtype, type.shape, static_cast<double>(table.categories));
  Value known = ops::less(graph, categories, end);
  if (scope.training() && table.unknown > 0) {
    const Value least = ops::constant(graph, type.dtype, type.shape, table.unknown);
    known = ops::select(graph, ops::less(graph, scope.random_uniform(name, type.shape), least),
                        ops::constant(graph, type.dtype, type.shape, 0), known);
  }
  return ops::multiply(graph, ops::gather(graph, weight, indices), known);
}

}  // namespace

Layer embed(std::vector<Embedding> tables) {
  for (const Embedding& table : tables) {
    if (table.categories < 1 || table.width < 1) {
      throw Error(fmt::format("embed: a table of {} by {}; it needs at least one category and one number for it",
                              table.categories, table.width));
    }
    if (!(table.unknown >= 0 && table.unknown < 1)) {
      throw Error(fmt::format("embed: unknown is {}; it must be at least 0 and below 1", table.unknown));
    }
  }
  return [tables = std::move(tables)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape shape = graph.type(in).shape;
    const auto count = static_cast<std::int64_t>(tables.size());
    if (shape.rank() != 2 || shape[1] < count) {
      throw Error(fmt::format("embed: the input {} has no categories for {} tables", shape.to_string(), count));
    }
    const std::int64_t batch = shape[0], plain = shape[1] - count;
    std::int64_t width = plain, at = plain;
    for (const Embedding& table : tables) width += table.width;
    Value out;
    const auto put = [&](Value part, std::int64_t before) {
      const Value padded = ops::pad(graph, part, {0, before}, {0, width - before - graph.type(part).shape[1]});
      out = out ? ops::add(graph, out, padded) : padded;
    };
    if (plain > 0) put(ops::slice(graph, in, {0, 0}, {batch, plain}), 0);
    for (std::int64_t i = 0; i < count; ++i) {
      const Embedding& table = tables[static_cast<std::size_t>(i)];
      put(embedded(scope, ops::slice(graph, in, {0, plain + i}, {batch, 1}), table), at);
      at += table.width;
    }
    return scope.tap({.layer = "embedding", .kind = TapPoint::Kind::embedding, .in = in}, out);
  };
}

Layer sequential(std::vector<Layer> layers) {
  return [layers = std::move(layers)](Scope& scope, Value in) {
    for (const Layer& layer : layers) in = layer(scope, in);
    return in;
  };
}

}  // namespace hillock::nn
