// Computes norms of slices of the parameter block.
#include "hillock/layer_norms.h"

#include <algorithm>
#include <cmath>

namespace hillock {
namespace {

// In double precision, where squares of f32 numbers do not overflow.
template <class T>
double norm(const LayerSlice& layer, const T* all) {
  double squares = 0;
  for (const LayerSlice::Part& part : layer.parts) {
    for (const T* value = all + part.begin; value != all + part.end; ++value)
      squares += static_cast<double>(*value) * static_cast<double>(*value);
  }
  return std::sqrt(squares);
}

}  // namespace

std::vector<LayerSlice> layer_slices(const nn::StateLayout& layout) {
  std::vector<LayerSlice> layers;
  for (const nn::ParameterSpec& spec : layout.parameters) {
    const std::string name = spec.name.substr(0, spec.name.rfind('.'));
    const auto known = std::ranges::find(layers, name, &LayerSlice::name);
    LayerSlice& layer = known == layers.end() ? layers.emplace_back(LayerSlice{.name = name, .parts = {}}) : *known;
    if (layer.parts.empty() || layer.parts.back().end != spec.offset)
      layer.parts.push_back({.begin = spec.offset, .end = spec.offset});
    layer.parts.back().end += spec.shape.elements();
    if (spec.shape.rank() > 0) layer.units = spec.shape[spec.shape.rank() - 1];
  }
  return layers;
}

std::vector<double> layer_norms(const std::vector<LayerSlice>& layers, const void* values, DType dtype) {
  std::vector<double> norms;
  for (const LayerSlice& layer : layers) {
    norms.push_back(dtype == DType::f32 ? norm(layer, static_cast<const float*>(values))
                                        : norm(layer, static_cast<const double*>(values)));
  }
  return norms;
}

std::vector<double> layer_norms(const Network& network) {
  const Tensor& parameters = network.parameters();
  return layer_norms(layer_slices(network.layout()), parameters.raw(), parameters.dtype());
}

}  // namespace hillock
