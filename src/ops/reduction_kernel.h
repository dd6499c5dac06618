// The kernel of sum, mean and max: rows are reduced one by one, columns a vector at a time. For cpu.cc files only.
#pragma once

#include "cpu/reduction.h"
#include "ops/reduction_rule.h"

namespace hillock {

namespace reduction_parameters {
enum : std::size_t { kOuter, kReduced, kInner, kBlock, kBlocksPerOuter, kUnitsPerTile };
}

// out[row] = the reduction of x[row * elements, (row + 1) * elements), for elements in [1, kReductionLanes].
template <class Rule, bool kMeans, class T>
void run_short_rows(const T* x, std::int64_t rows, std::int64_t elements, T* out) {
  const cpu::ShortRow<T> shape(elements);
  for (std::int64_t row = 0; row < rows; ++row) {
    out[row] = shape.template reduce<Rule>(x + row * elements);
    if constexpr (kMeans) out[row] /= static_cast<T>(elements);
  }
}

// A unit is kBlock columns of one outer index; a tile is kUnitsPerTile of them. kMeans divides by the count.
template <class Rule, bool kMeans, class T>
void run_reduction(const KernelCall& call, TileRange tiles) {
  using namespace reduction_parameters;
  const std::int64_t* p = call.parameters;
  const T* in = static_cast<const T*>(call.in[0]);  // [outer, reduced, inner]
  T* out = static_cast<T*>(call.out[0]);            // [outer, inner]
  const std::int64_t reduced = p[kReduced];
  const std::int64_t inner = p[kInner];
  const std::int64_t end = std::min(tiles.end * p[kUnitsPerTile], p[kOuter] * p[kBlocksPerOuter]);
  if (inner == 1 && reduced > 0 && reduced <= kReductionLanes) {
    const std::int64_t first = tiles.begin * p[kUnitsPerTile];
    return run_short_rows<Rule, kMeans>(in + first * reduced, end - first, reduced, out + first);
  }
  std::int64_t unit = tiles.begin * p[kUnitsPerTile];
  std::int64_t outer = 0, block = unit;  // those of the unit; a division takes as long as a small reduction
  if (block >= p[kBlocksPerOuter]) {
    outer = unit / p[kBlocksPerOuter];
    block = unit % p[kBlocksPerOuter];
  }
  for (; unit < end; ++unit, ++block) {
    if (block == p[kBlocksPerOuter]) {
      ++outer;
      block = 0;
    }
    const std::int64_t column = block * p[kBlock];
    const std::int64_t columns = std::min(p[kBlock], inner - column);
    const T* from = in + outer * reduced * inner + column;
    T* to = out + outer * inner + column;
    if (inner == 1) {
      *to = cpu::reduce_contiguous<Rule>(from, reduced);
    } else {
      cpu::reduce_columns<Rule>(from, reduced, columns, inner, to);
    }
    if constexpr (kMeans) {
      for (std::int64_t k = 0; k < columns; ++k) to[k] /= static_cast<T>(reduced);
    }
  }
}

inline KernelReason reduction_reason(const ReducedShape& shape) {
  if (shape.outer == 0 || shape.inner == 0 || shape.reduced == 0) return {"no elements"};
  if (shape.inner > 1) return {"{} rows: {} columns side by side", {shape.reduced, shape.inner}};
  if (shape.reduced <= kReductionLanes) return {"{} columns: each short row is one block", {shape.reduced}};
  return {"{} columns: long rows, in blocks of {}", {shape.reduced, kReductionLanes}};
}

template <class Rule, bool kMeans>
KernelPlan plan_reduction(const OpSignature& signature, const char* rows_name, const char* columns_name) {
  using namespace reduction_parameters;
  // 64 KiB of f32, some microseconds of work, so that handing a tile to a thread is cheap
  constexpr std::int64_t kElementsPerTile = 16384;
  constexpr std::int64_t kColumns = 64;  // whole cache lines, and whole vectors for every instruction set
  const ReducedShape shape = reduced_shape(signature);
  const std::int64_t reduced = std::max<std::int64_t>(shape.reduced, 1);
  const std::int64_t inner = std::max<std::int64_t>(shape.inner, 1);
  const std::int64_t blocks_of_columns = std::max<std::int64_t>(kElementsPerTile / (reduced * kColumns), 1);
  const std::int64_t block = std::min(inner, blocks_of_columns * kColumns);
  const std::int64_t blocks_per_outer = shape.inner == 0 ? 0 : ceil_div(inner, block);
  const std::int64_t units_per_tile = std::max<std::int64_t>(kElementsPerTile / (reduced * block), 1);
  KernelPlan plan;
  plan.name = shape.inner == 1 ? rows_name : columns_name;
  plan.run =
      signature.in[0].dtype == DType::f64 ? &run_reduction<Rule, kMeans, double> : &run_reduction<Rule, kMeans, float>;
  plan.tiles = std::max<std::int64_t>(ceil_div(shape.outer * blocks_per_outer, units_per_tile), 1);
  plan.parameters[kOuter] = shape.outer;
  plan.parameters[kReduced] = shape.reduced;
  plan.parameters[kInner] = shape.inner;
  plan.parameters[kBlock] = block;
  plan.parameters[kBlocksPerOuter] = std::max<std::int64_t>(blocks_per_outer, 1);
  plan.parameters[kUnitsPerTile] = units_per_tile;
  if (shape.inner == 0) plan.parameters[kOuter] = 0;
  plan.reason = reduction_reason(shape);
  return plan;
}

}  // namespace hillock
