// Chains of pointwise ops that have a kernel of their own: one pass over the elements with every intermediate value in
// a register, where the tile executor would write each to memory. They give the same bits as the ops one by one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hillock/op.h"

namespace hillock {

// How an operand of a chain lies in memory.
enum class LeafKind : std::uint8_t {
  dense,  // an element for each of the chain's
  one,    // one element for all; constants are of this kind
  row,    // a vector of `columns` elements, the same for every row
};

// A pass over `rows` rows of `columns` elements. Chains without rows and columns among their leaves get one row.
struct FusedCall {
  const void* const* leaves;
  void* const* outputs;
  std::int64_t rows;
  std::int64_t columns;
};

struct FusedChain {
  struct Instruction {
    const Op* op = nullptr;
    std::vector<std::int16_t> in;  // an earlier instruction's number, or -1 - k for leaf k
  };
  std::string_view name;
  std::size_t element_bytes = 0;
  std::vector<LeafKind> leaves;
  std::vector<Instruction> instructions;
  std::vector<std::int16_t> outputs;  // instruction numbers, ascending
  void (*run)(const FusedCall&) = nullptr;
};

// The table of these chains, written by src/ops/fused_chains.cc; the planner compares with it and names no op.
const std::vector<FusedChain>& fused_chains();

}  // namespace hillock
