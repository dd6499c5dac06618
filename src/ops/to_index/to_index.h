// to_index: see to_index.cc.
#pragma once

#include <cstdint>

#include "hillock/op.h"
#include "ops/cast/convert.h"

namespace hillock {

const Op& to_index_op();
KernelPlan plan_to_index(const OpSignature& signature);  // cpu.cc

// x truncated towards zero and limited to [0, rows); 0 for NaN.
template <class T>
std::int32_t index_from(T x, std::int32_t rows) {
  const std::int32_t index = convert_element<std::int32_t>(x);
  return index < 0 ? 0 : index < rows ? index : rows - 1;
}

}  // namespace hillock
