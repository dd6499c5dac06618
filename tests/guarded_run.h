// For tests: runs a plan's steps by hand, each operand and result in a buffer of its own with guard bands around it.
#pragma once

#include <vector>

#include "tests/proof_case.h"

namespace hillock {

// The order in which a step's tiles are run. All orders give the same bits.
enum class TileOrder { all_at_once, one_by_one_reversed, in_two_parts };

struct GuardedOptions {
  TileOrder order = TileOrder::all_at_once;
  bool aligned = true;  // false: every buffer starts one element past a 64-byte boundary
};

// The values of `outputs`. Results start as NaN (all bits set), and so do workspaces. Throws std::runtime_error if a
// step writes outside its results or workspace, or changes an operand.
std::vector<Tensor> run_guarded(const AppliedOp& applied, const std::vector<Value>& outputs,
                                const GuardedOptions& options);

}  // namespace hillock
