// The names of the blocks that a network's state lies in.
#pragma once

#include <string>

#include "hillock/tensor.h"

namespace hillock {

inline constexpr const char* kParameterBlock = "parameters";

// Statistics may have another element type than the network.
inline std::string statistic_block(DType dtype) { return "statistics." + std::string(name_of(dtype)); }

}  // namespace hillock
