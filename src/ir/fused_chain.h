// Chains of pointwise ops with a kernel of their own: one pass over the elements that keeps intermediate values in
// registers, where the tile executor writes each to memory. The bits are those of the single ops.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hillock/op.h"

namespace hillock {

// How an operand of a chain is laid out in memory.
enum class LeafKind : std::uint8_t {
  dense,  // one element for each element of the chain
  one,    // one element for all; constants are of this kind
  row,    // a vector of `columns` elements, the same for every row
};

// A pass over `rows` rows of `columns` elements. A chain none of whose leaves is a row is called with one row.
struct FusedCall {
  const void* const* leaves;
  void* const* outputs;
  std::int64_t rows;
  std::int64_t columns;
};

struct FusedChain {
  struct Instruction {
    const Op* op = nullptr;
    std::vector<std::int16_t> in;  // the number of an earlier instruction, or -1 - k for leaf k
  };
  std::string_view name;
  std::size_t element_bytes = 0;
  std::vector<LeafKind> leaves;
  std::vector<Instruction> instructions;
  std::vector<std::int16_t> outputs;  // instruction numbers, ascending
  void (*run)(const FusedCall&) = nullptr;
};

// The table of these chains, defined in src/ops/fused_chains.cc; the planner compares with it and names no op.
const std::vector<FusedChain>& fused_chains();

}  // namespace hillock
