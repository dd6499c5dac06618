// The names of the blocks that hold a run's state.
#pragma once

#include <string>

#include "hillock/tensor.h"

namespace hillock {

inline constexpr const char* kParameterBlock = "parameters";

// Statistics may have another element type than the network.
inline std::string statistic_block(DType dtype) { return "statistics." + std::string(name_of(dtype)); }

// The scalars of a run.
inline std::string cursor_block(DType dtype) { return "cursor." + std::string(name_of(dtype)); }

}  // namespace hillock
