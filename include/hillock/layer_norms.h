// How long the parameters of each layer are, or their gradient: where a gradient vanishes or explodes.
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

// The parameters of one layer among all of them.
struct LayerSlice {
  // Elements [begin, end) of the block of parameters.
  struct Part {
    std::int64_t begin = 0, end = 0;
  };

  std::string name;         // "dense1" of "dense1.weight"
  std::vector<Part> parts;  // more than one only where its parameters belong to several groups (nn::ParameterGroup)
  std::int64_t units = 0;   // the last axis of its last tensor: of a dense layer its units
};
// Each layer once, in the order of its first parameter.
std::vector<LayerSlice> layer_slices(const nn::StateLayout& layout);

// Of each layer ‖·‖₂ of its part of `values`, one number for each parameter (all parameters, or their gradient), in
// f64.
std::vector<double> layer_norms(const std::vector<LayerSlice>& layers, const void* values, DType dtype);
// Of the network's parameters.
std::vector<double> layer_norms(const Network& network);

}  // namespace hillock
