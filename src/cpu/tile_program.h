// Runs a fused pointwise chain tile by tile.
#pragma once

#include <cstddef>
#include <vector>

#include "hillock/op.h"
#include "hillock/plan.h"
#include "ir/fused_chain.h"

namespace hillock {

// A program with the functions that it needs.
struct BoundProgram {
  const PointwiseProgram* program = nullptr;
  void (*fused)(const FusedCall&) = nullptr;  // of the fused chain; nullptr if the instructions are run
  std::vector<PointwiseFunction> functions;   // of the preamble, then of the instructions; nullptr for a copy
};
// `program` must outlive the result.
BoundProgram bind_program(const PointwiseProgram& program);

// `in` and `out` are the operands and outputs of the program; `workspace` holds its scratch tiles (64-byte aligned,
// used by this thread alone). The bits do not depend on how the tiles are divided among calls.
void run_program(const BoundProgram& bound, const void* const* in, void* const* out, std::byte* workspace,
                 TileRange tiles);

}  // namespace hillock
