// The flow of values between the layers of a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/trace.h"

namespace hillock::program {

// A layer that uses the output of another one as its input number `given`.
struct Consumer {
  std::size_t layer, given;
};

class LayerFlow {
 public:
  // `layers` must outlive it.
  explicit LayerFlow(const std::vector<TracedLayer>& layers) : layers_(layers) {}

  // The layer that computed input `given` of layer `k`, or TracedLayer::kInputs; the previous layer if no layer showed
  // it.
  std::int64_t maker(std::size_t k, std::size_t given) const;
  // The layers that use the output of layer `k`.
  std::vector<Consumer> consumers(std::size_t k) const;

 private:
  const std::vector<TracedLayer>& layers_;
};

}  // namespace hillock::program
