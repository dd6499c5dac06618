// Which layer of a trace gives what to which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/trace.h"

namespace hillock::program {

// A layer that takes what another gives, as its input number `given`.
struct Consumer {
  std::size_t layer, given;
};

class LayerFlow {
 public:
  // `layers` must outlive it.
  explicit LayerFlow(const std::vector<TracedLayer>& layers) : layers_(layers) {}

  // The layer that computed input `given` of layer `k`, or TracedLayer::kInputs; the one before where nobody showed it.
  std::int64_t maker(std::size_t k, std::size_t given) const;
  // Who takes what layer `k` gives.
  std::vector<Consumer> consumers(std::size_t k) const;

 private:
  const std::vector<TracedLayer>& layers_;
};

}  // namespace hillock::program
