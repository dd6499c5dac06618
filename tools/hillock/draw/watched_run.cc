// Thinning the losses, and norms.
#include "draw/watched_run.h"

#include <cmath>

namespace hillock::program {
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

void LossHistory::add(const LossPoint& point) {
  last_ = point;
  if ((point.epoch - 1) % stride_ != 0) return;
  kept_.push_back(point);
  if (kept_.size() <= kMostPoints) return;
  stride_ *= 2;
  std::erase_if(kept_, [&](const LossPoint& kept) { return (kept.epoch - 1) % stride_ != 0; });
}

std::vector<LossPoint> LossHistory::points() const {
  std::vector<LossPoint> points = kept_;
  if (!points.empty() && points.back().epoch != last_.epoch) points.push_back(last_);
  return points;
}

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

std::vector<double> norms_by_layer(const std::vector<LayerSlice>& layers, const void* values, DType dtype) {
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

}  // namespace hillock::program
