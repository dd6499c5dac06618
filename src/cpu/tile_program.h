// Runs a fused pointwise chain tile by tile.
#pragma once

#include <cstddef>
#include <vector>

#include "hillock/op.h"
#include "hillock/plan.h"
#include "ir/fused_chain.h"

namespace hillock {

// A program and the functions that it names.
struct BoundProgram {
  const PointwiseProgram* program = nullptr;
  void (*fused)(const FusedCall&) = nullptr;  // of the fused chain; nullptr: the instructions run
  std::vector<PointwiseFunction> functions;   // of the preamble, then of the instructions; nullptr: a copy
};
// `program` must outlive the result.
BoundProgram bind_program(const PointwiseProgram& program);

// `in` and `out` are the operands and outputs of the program, `workspace` its scratch tiles (64-byte aligned, for this
// thread alone). Any split of the tiles over calls gives the same bits.
void run_program(const BoundProgram& bound, const void* const* in, void* const* out, std::byte* workspace,
                 TileRange tiles);

}  // namespace hillock
