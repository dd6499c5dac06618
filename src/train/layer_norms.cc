// Slices of the block of parameters, and norms.
#include "hillock/layer_norms.h"

#include <cmath>

namespace hillock {
namespace {

// In double precision: squares of f32 do not overflow there.
template <class T>
double norm(const T* begin, const T* end) {
  double squares = 0;
  for (const T* value = begin; value != end; ++value)
    squares += static_cast<double>(*value) * static_cast<double>(*value);
  return std::sqrt(squares);
}

}  // namespace

std::vector<LayerSlice> layer_slices(const nn::StateLayout& layout) {
  std::vector<LayerSlice> layers;
  for (const nn::ParameterSpec& spec : layout.parameters) {
    const std::string name = spec.name.substr(0, spec.name.rfind('.'));
    const std::int64_t end = spec.offset + spec.shape.elements();
    if (layers.empty() || layers.back().name != name)
      layers.push_back({.name = name, .begin = spec.offset, .end = end});
    layers.back().end = end;
    if (spec.shape.rank() > 0) layers.back().units = spec.shape[spec.shape.rank() - 1];
  }
  return layers;
}

std::vector<double> layer_norms(const std::vector<LayerSlice>& layers, const void* values, DType dtype) {
  std::vector<double> norms;
  for (const LayerSlice& layer : layers) {
    if (dtype == DType::f32) {
      const auto* all = static_cast<const float*>(values);
      norms.push_back(norm(all + layer.begin, all + layer.end));
    } else {
      const auto* all = static_cast<const double*>(values);
      norms.push_back(norm(all + layer.begin, all + layer.end));
    }
  }
  return norms;
}

std::vector<double> layer_norms(const Network& network) {
  const Tensor& parameters = network.parameters();
  return layer_norms(layer_slices(network.layout()), parameters.raw(), parameters.dtype());
}

}  // namespace hillock
