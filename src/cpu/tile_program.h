// Runs a fused pointwise chain tile by tile.
#pragma once

#include <cstddef>

#include "hillock/op.h"
#include "hillock/plan.h"

namespace hillock {

// `in` and `out` are the operands and outputs of `program`, `workspace` its scratch tiles (64-byte aligned, for this
// thread alone). Any split of the tiles over calls gives the same bits.
void run_program(const PointwiseProgram& program, const void* const* in, void* const* out, std::byte* workspace,
                 TileRange tiles);

}  // namespace hillock
