// The options of a layer, and the pieces of the texts of a trace.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "hillock/error.h"
#include "hillock/layer.h"

namespace hillock::nn {

LayerAttributes::LayerAttributes(std::initializer_list<std::pair<const std::string, Item>> items) : items_(items) {}

bool LayerAttributes::has(std::string_view name) const { return items_.contains(name); }

void LayerAttributes::set(std::string name, Item item) { items_.insert_or_assign(std::move(name), std::move(item)); }

template <class T>
const T& LayerAttributes::find(std::string_view name, const char* kind) const {
  const auto found = items_.find(name);
  if (found == items_.end()) throw Error(fmt::format("layer: there is no attribute \"{}\"; let parse() set it", name));
  if (const T* value = std::get_if<T>(&found->second)) return *value;
  throw Error(fmt::format("layer: the attribute \"{}\" is not {}; let parse() set it so", name, kind));
}

std::int64_t LayerAttributes::integer(std::string_view name) const { return find<std::int64_t>(name, "an integer"); }
double LayerAttributes::real(std::string_view name) const { return find<double>(name, "a real number"); }
Activation LayerAttributes::activation(std::string_view name) const { return find<Activation>(name, "an activation"); }
const std::string& LayerAttributes::text(std::string_view name) const { return find<std::string>(name, "a text"); }

std::string trace_figure(double value) {
  if (std::isnan(value)) return "nan";  // the sign of a NaN means nothing
  return fmt::format("{:.6g}", value == 0 ? 0.0 : value);
}

Activation activation_of(const LayerAttributes& attributes) {
  return attributes.has("activation") ? attributes.activation("activation") : Activation::identity;
}

}  // namespace hillock::nn
