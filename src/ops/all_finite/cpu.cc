// all_finite on the CPU: one pass over the bits. Kept indices are distinguished only if something is not finite, or if
// there are so many that they are divided into tiles.
#include <algorithm>
#include <array>
#include <cstdint>

#include "core/finite.h"
#include "ops/all_finite/all_finite.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

constexpr std::int64_t kTileKept = 64;  // kept indices

enum : std::size_t { kOperands, kKept, kElements };  // then the elements of the other operands

// flags[k] &= whether x[row, k] is finite in each of `rows` rows, for k in [0, count).
template <class T>
void fold_rows(const T* x, std::int64_t rows, std::int64_t row_elements, std::int64_t count, std::int32_t* flags) {
  using Bits = FloatBits<T>;
  std::array<Bits, kTileKept> carried{};
  for (std::int64_t row = 0; row < rows; ++row, x += row_elements) {
    for (std::int64_t k = 0; k < count; ++k) carried[static_cast<std::size_t>(k)] |= finite_carry(x[k]);
  }
  for (std::int64_t k = 0; k < count; ++k) {
    if (!carry_is_finite<T>(carried[static_cast<std::size_t>(k)])) flags[k] = 0;
  }
}

template <class T>
bool all_operands_are_finite(const KernelCall& call) {
  for (std::int64_t k = 0; k < call.parameters[kOperands]; ++k) {
    const auto operand = static_cast<std::size_t>(k);
    if (!all_finite(static_cast<const T*>(call.in[operand]), call.parameters[kElements + operand])) return false;
  }
  return true;
}

template <class T>
void run_whole(const KernelCall& call, TileRange) {
  *static_cast<std::int32_t*>(call.out[0]) = all_operands_are_finite<T>(call) ? 1 : 0;
}

template <class T>
void run_kept(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const std::int64_t kept = p[kKept];
  auto* const flags = static_cast<std::int32_t*>(call.out[0]);
  const std::int64_t end = std::min(tiles.end * kTileKept, kept);
  std::fill(flags + std::min(tiles.begin * kTileKept, end), flags + end, 1);
  if (kept <= kTileKept && all_operands_are_finite<T>(call)) return;
  for (std::int64_t first = tiles.begin * kTileKept; first < end; first += kTileKept) {
    for (std::int64_t k = 0; k < p[kOperands]; ++k) {
      const auto operand = static_cast<std::size_t>(k);
      fold_rows(static_cast<const T*>(call.in[operand]) + first, p[kElements + operand] / kept, kept,
                std::min(kTileKept, end - first), flags + first);
    }
  }
}

template <class T>
KernelFunction function_for(bool keeps) {
  return keeps ? &run_kept<T> : &run_whole<T>;
}

}  // namespace

KernelPlan plan_all_finite(const OpSignature& signature) {
  const std::int64_t kept = signature.out[0].elements();
  const bool keeps = signature.attributes.integer("keep_last") != 0;
  KernelPlan plan;
  plan.name = "all_finite";
  plan.run = signature.in[0].dtype == DType::f64 ? function_for<double>(keeps) : function_for<float>(keeps);
  plan.parameters[kOperands] = static_cast<std::int64_t>(signature.in.size());
  plan.parameters[kKept] = kept;
  std::int64_t elements = 0;
  for (std::size_t k = 0; k < signature.in.size(); ++k) {
    plan.parameters[kElements + k] = signature.in[k].elements();
    elements += signature.in[k].elements();
  }
  plan.tiles = std::max<std::int64_t>(ceil_div(kept, kTileKept), 1);
  if (!keeps) {
    plan.reason = {"{} elements: one pass over their bits", {elements}};
  } else if (kept <= kTileKept) {
    plan.reason = {"{} flags: told apart only where an element is not finite", {kept}};
  } else {
    plan.reason = {"{} flags: {} at a time", {kept, kTileKept}};
  }
  return plan;
}

}  // namespace hillock
