// Between the two floating-point types.
#pragma once

#include "hillock/tensor.h"

namespace hillock {

// The elements of `tensor` rounded to `dtype`; the tensor itself if that is its type. Both are f32 or f64.
Tensor converted(Tensor tensor, DType dtype);

}  // namespace hillock
