// The Euclidean norm of each layer's parameters or gradient, which shows where gradients vanish or explode.
//
//   const std::vector<LayerSlice> layers = layer_slices(network.layout());
//   layer_norms(layers, step.gradient(), network.options().dtype);  // after TrainingStep::run
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/tensor.h"

namespace hillock {

// Where the parameters of one layer lie in the block of all parameters.
struct LayerSlice {
  // Elements [begin, end) of the block.
  // Elements [begin, end) of the block of parameters.
  struct Part {
    std::int64_t begin = 0, end = 0;
  };

  std::string name;         // "dense1" of "dense1.weight"
  std::vector<Part> parts;  // one, or several if the layer's parameters are in several groups (nn::ParameterGroup)
  std::int64_t units = 0;   // the last extent of its last tensor: the number of units of a dense layer
};
// One slice per layer, in the order of the layers' first parameters.
std::vector<LayerSlice> layer_slices(const nn::StateLayout& layout);

// The norm ‖·‖₂ of each layer's part of `values`, computed in f64. `values` has one element of `dtype` per parameter:
// the parameters themselves, or their gradient.
std::vector<double> layer_norms(const std::vector<LayerSlice>& layers, const void* values, DType dtype);
// The norms of the network's parameters.
std::vector<double> layer_norms(const Network& network);

}  // namespace hillock
