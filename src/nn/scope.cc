// What layers describe themselves in: parameters, random numbers, names.
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

Layer sequential(std::vector<Layer> layers) {
  return [layers = std::move(layers)](Scope& scope, Value in) {
    for (const Layer& layer : layers) in = layer(scope, in);
    return in;
  };
}

}  // namespace hillock::nn
