// Converts tensors element by element.
#include <algorithm>

#include "hillock/tensor.h"

namespace hillock {
namespace {

template <class From, class To>
Tensor rounded(const Tensor& tensor) {
  Tensor result(TensorType{DTypeOf<To>::value, tensor.shape(), {}});
  std::ranges::transform(tensor.values<From>(), result.values<To>().begin(),
                         [](From value) { return static_cast<To>(value); });
  return result;
}

}  // namespace

Tensor converted(Tensor tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  return dtype == DType::f64 ? rounded<float, double>(tensor) : rounded<double, float>(tensor);
}

}  // namespace hillock
