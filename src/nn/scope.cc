// The scope in which layers describe themselves: their state, random numbers and names.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/ops.h"
#include "state/blocks.h"

namespace hillock::nn {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 62;  // the limit of a shape

template <class Spec>
const Spec* find_named(const std::vector<Spec>& specs, std::string_view name) {
  const auto found = std::ranges::find(specs, name, &Spec::name);
  return found == specs.end() ? nullptr : &*found;
}

[[noreturn]] void throw_unasked(std::string_view what, std::string_view name) {
  throw Error(
      fmt::format("network: {} \"{}\" was not there when the network was first described; a layer must ask for the "
                  "same ones every time",
                  what, name));
}

void require_group(const std::string& name, const ParameterGroup& group) {
  for (const double factor : {group.rate, group.decay}) {
    if (std::isfinite(factor) && factor >= 0) continue;
    throw Error(fmt::format("network: parameter \"{}\" has the factor {}; factors must be finite and at least 0", name,
                            factor));
  }
}

}  // namespace

const ParameterSpec* StateLayout::find(std::string_view name) const { return find_named(parameters, name); }
const StatisticSpec* StateLayout::find_statistic(std::string_view name) const { return find_named(statistics, name); }

std::int64_t StateLayout::statistic_elements(DType dtype) const {
  std::int64_t sum = 0;
  for (const StatisticSpec& spec : statistics) sum += spec.type.dtype == dtype ? spec.type.elements() : 0;
  return sum;
}

void StateLayout::arrange() {
  groups.assign(1, {});
  for (const ParameterSpec& spec : parameters) {
    if (std::ranges::find(groups, spec.group, &Group::factors) == groups.end()) groups.push_back({spec.group});
  }
  const auto number_of = [this](const ParameterSpec& spec) {
    return std::ranges::find(groups, spec.group, &Group::factors) - groups.begin();
  };
  std::ranges::stable_sort(parameters, {}, number_of);
  elements = 0;
  for (ParameterSpec& spec : parameters) {
    Group& group = groups[static_cast<std::size_t>(number_of(spec))];
    if (group.end == 0) group.begin = elements;
    spec.offset = elements;
    group.end = elements += spec.shape.elements();
  }
  std::erase_if(groups, [](const Group& group) { return group.begin == group.end; });
}

Scope::Scope(Graph& graph, DType dtype, bool training, StateLayout& collected)
    : graph_(&graph), dtype_(dtype), training_(training), fitting_(true), collected_(&collected) {}

Scope::Scope(Graph& graph, DType dtype, bool training, const StateLayout& layout, Value block, Value position,
             Value numbers)
    : graph_(&graph),
      dtype_(dtype),
      training_(training),
      layout_(&layout),
      block_(block),
      position_(position),
      numbers_(numbers) {}

std::string Scope::next_name(std::string_view word) {
  return fmt::format("{}{}{}", prefix_, word, ++counts_[std::string(word)]);
}

Value Scope::describe_inside(const std::string& holder, const Layer& layer, Value in) {
  const std::string outer = std::exchange(prefix_, holder + ".");
  std::map<std::string, int, std::less<>> counts = std::exchange(counts_, {});
  const Value out = layer(*this, in);
  prefix_ = outer;
  counts_ = std::move(counts);
  return out;
}

void Scope::require_new(const std::string& name) const {
  if (parameters_.contains(name))
    throw Error(fmt::format("network: two parameters are called \"{}\"; give each layer a name of its own", name));
  if (statistics_.contains(name))
    throw Error(fmt::format("network: two statistics are called \"{}\"; give each layer a name of its own", name));
}

Value Scope::slice_of(Value block, std::int64_t offset, const Shape& shape, const std::string& name) {
  const Value part = ops::slice(*graph_, block, {offset}, {shape.elements()});
  return graph_->set_name(ops::reshape(*graph_, part, shape), name);
}

Value Scope::parameter(const std::string& name, const Shape& shape, const Initializer& initializer, std::int64_t fan_in,
                       std::int64_t fan_out, const ParameterGroup& group) {
  require_new(name);
  Value value;
  if (collecting()) {
    require_group(name, group);
    if (shape.elements() > kMostElements - collected_->elements) {
      throw Error(fmt::format("network: with parameter \"{}\" {} there are more numbers than a computer can hold", name,
                              shape.to_string()));
    }
    collected_->parameters.push_back({name, shape, initializer, fan_in, fan_out, collected_->elements, group});
    collected_->elements += shape.elements();
    value = graph_->state(name, {dtype_, shape, {}});
  } else {
    const ParameterSpec* spec = layout_->find(name);
    if (spec == nullptr || spec->shape != shape) throw_unasked("parameter", name + " " + shape.to_string());
    value = slice_of(block_, spec->offset, shape, name);
  }
  parameters_[name] = value;
  return value;
}

Value Scope::statistic(const std::string& name, const Shape& shape, const StatisticOptions& options) {
  require_new(name);
  const TensorType type{options.dtype.value_or(dtype_), shape, {}};
  Value value;
  if (collecting()) {
    if (!std::isfinite(options.first)) {
      throw Error(
          fmt::format("network: statistic \"{}\" begins at {}; its first value must be finite", name, options.first));
    }
    if (!options.values.empty() && static_cast<std::int64_t>(options.values.size()) != type.elements()) {
      throw Error(fmt::format("network: statistic \"{}\" {} gets {} first values; give one for each element", name,
                              type.shape.to_string(), options.values.size()));
    }
    const std::int64_t offset = collected_->statistic_elements(type.dtype);
    collected_->statistics.push_back({name, type, options.first, options.values, options.combine, offset});
    value = graph_->state(name, type);
  } else {
    const StatisticSpec* spec = layout_->find_statistic(name);
    if (spec == nullptr || spec->type != type) throw_unasked("statistic", name);
    const TensorType block{type.dtype, {layout_->statistic_elements(type.dtype)}, {}};
    value = slice_of(graph_->state(state_prefix_ + statistic_block(type.dtype), block), spec->offset, shape, name);
  }
  statistics_[name] = value;
  return value;
}

void Scope::update_statistic(const std::string& name, Value next) {
  if (!training_) return;
  const auto known = statistics_.find(name);
  if (known == statistics_.end())
    throw Error(fmt::format("network: there is no statistic \"{}\" to update; ask for it first", name));
  const TensorType &now = graph_->type(known->second), &then = graph_->type(next);
  if (now.dtype != then.dtype || now.shape != then.shape) {
    throw Error(fmt::format("network: statistic \"{}\" is {} and its next value {}; they must be of one type", name,
                            now.to_string(), then.to_string()));
  }
  if (!updates_.emplace(name, next).second)
    throw Error(fmt::format("network: statistic \"{}\" gets two next values; give it one", name));
}

void Scope::fit(const std::string& name, Value rows, FitRule rule) {
  if (!fitting_) return;
  if (!parameters_.contains(name) && !statistics_.contains(name)) {
    throw Error(fmt::format("network: there is no statistic or parameter \"{}\" to fit; ask for it first", name));
  }
  if (collecting()) collected_->fits.push_back(name);
  fits_.push_back({name, rows, std::move(rule)});
}

Value Scope::number(const std::string& name, const StepNumber& value) {
  if (!value) throw Error(fmt::format("network: the number \"{}\" has no function; give one that computes it", name));
  if (collecting()) {
    if (find_named(collected_->numbers, name) != nullptr)
      throw Error(fmt::format("network: two numbers are called \"{}\"; give each layer a name of its own", name));
    collected_->numbers.push_back({name, value});
    return ops::constant(*graph_, dtype_, {}, 0.5);
  }
  if (!numbers_) throw Error(fmt::format("network: \"{}\" asks for a number of the step outside training", name));
  const NumberSpec* spec = find_named(layout_->numbers, name);
  if (spec == nullptr) throw_unasked("number", name);
  const std::int64_t place = spec - layout_->numbers.data();
  return graph_->set_name(ops::reshape(*graph_, ops::slice(*graph_, numbers_, {place}, {1}), {}), name);
}

Value Scope::random_uniform(const std::string& name, const Shape& shape) {
  if (collecting()) return ops::constant(*graph_, dtype_, shape, 0.5);
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
