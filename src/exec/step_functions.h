// The functions of a plan's steps, which are found when a session binds.
#pragma once

#include "cpu/tile_program.h"
#include "hillock/op.h"
#include "hillock/plan.h"

namespace hillock {

struct StepFunctions {
  KernelFunction kernel = nullptr;  // nullptr if `program` is to be run
  BoundProgram program;

  // Runs tiles of `step`, to which these functions belong.
  void run(const Step& step, const void* const* in, void* const* out, std::byte* workspace, TileRange tiles) const {
    if (kernel == nullptr) return run_program(program, in, out, workspace, tiles);
    kernel({.in = in, .out = out, .parameters = step.kernel.parameters.data(), .workspace = workspace}, tiles);
  }
};

// `step` must outlive the result. Throws Error if its op's rule no longer chooses the kernel that the plan was made
// for.
StepFunctions find_functions(const Step& step);

}  // namespace hillock
