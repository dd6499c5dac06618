// For tests: tensors in a form that can be compared.
#pragma once

#include <cstdint>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

// All elements, in row-major order.
inline std::vector<double> elements_of(const Tensor& tensor) {
  std::vector<double> result;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) result.push_back(tensor.at(i));
  return result;
}

}  // namespace hillock
