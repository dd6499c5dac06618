// matmul: see matmul.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

// A chain of fused multiply-adds restarts after this many terms. This is part of the definition of a product.
inline constexpr std::int64_t kMatmulChain = 1024;

struct MatmulShape {
  std::int64_t m = 0;
  std::int64_t k = 0;
  std::int64_t n = 0;
  bool transpose_a = false;
  bool transpose_b = false;
};
MatmulShape matmul_shape(const OpSignature& signature);

const Op& matmul_op();
KernelPlan plan_matmul(const OpSignature& signature);  // cpu.cc

}  // namespace hillock
