// The tile executor. For each tile of the iteration space it copies operands that are not dense to scratch tiles, and
// then runs the chain's instructions one after another over that tile.
#include "cpu/tile_program.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "ir/kernel_table.h"

namespace hillock {
namespace {

// Slots for the operands and their scratch tiles, and for each instruction one for its result and up to three for
// constants.
constexpr std::size_t kMaxSlots = 2 * PointwiseProgram::kMaxOperands + 4 * PointwiseProgram::kMaxInstructions;

// Copies elements [begin, begin + count) of `view` in row-major order to `out`.
template <class T>
void load_strided(const T* data, const View& view, std::int64_t begin, std::int64_t count, T* out) {
  const int rank = view.shape.rank();
  std::array<std::int64_t, Shape::kMaxRank> index{};
  std::int64_t rest = begin;
  std::int64_t at = view.offset;
  for (int axis = rank - 1; axis >= 0; --axis) {
    const auto a = static_cast<std::size_t>(axis);
    index[a] = rest % view.shape[axis];
    rest /= view.shape[axis];
    at += index[a] * view.strides[a];
  }
  const auto last = static_cast<std::size_t>(std::max(rank - 1, 0));
  const std::int64_t inner = rank == 0 ? 1 : view.shape[rank - 1];
  const std::int64_t stride = rank == 0 ? 0 : view.strides[last];
  while (count > 0) {
    const std::int64_t run = std::min(count, inner - index[last]);
    const T* from = data + at;
    if (stride == 1) {
      std::memcpy(out, from, static_cast<std::size_t>(run) * sizeof(T));
    } else if (stride == 0) {
      std::fill_n(out, run, *from);
    } else {
      for (std::int64_t i = 0; i < run; ++i) out[i] = from[i * stride];
    }
    out += run;
    count -= run;
    // Moves to the start of the next innermost row.
    at -= index[last] * stride;
    index[last] = 0;
    for (int axis = rank - 2; axis >= 0; --axis) {
      const auto a = static_cast<std::size_t>(axis);
      at += view.strides[a];
      if (++index[a] < view.shape[axis]) break;
      at -= view.shape[axis] * view.strides[a];
      index[a] = 0;
    }
  }
}

void load(const PointwiseProgram& program, std::size_t operand, const void* data, std::int64_t begin,
          std::int64_t count, void* out) {
  const View& view = program.operands[operand];
  if (program.element_bytes == 4) {
    load_strided(static_cast<const std::uint32_t*>(data), view, begin, count, static_cast<std::uint32_t*>(out));
  } else {
    load_strided(static_cast<const std::uint64_t*>(data), view, begin, count, static_cast<std::uint64_t*>(out));
  }
}

void execute(const PointwiseProgram::Instruction& instruction, PointwiseFunction function, void* const* slots,
             std::int64_t count, std::size_t element_bytes) {
  if (function == nullptr) {
    std::memcpy(slots[instruction.out], slots[instruction.in[0]], static_cast<std::size_t>(count) * element_bytes);
    return;
  }
  const std::array<const void*, 3> in{slots[instruction.in[0]], slots[instruction.in[1]], slots[instruction.in[2]]};
  function(
      {.in = in.data(), .out = slots[instruction.out], .elements = count, .parameters = instruction.parameters.data()});
}

// Runs all tiles of the range in one pass of the chain's kernel.
void run_fused_chain(const BoundProgram& bound, const void* const* in, void* const* out, TileRange tiles) {
  const PointwiseProgram& program = *bound.program;
  const std::int64_t begin = tiles.begin * program.tile_elements;
  const std::int64_t count = std::min(tiles.end * program.tile_elements, program.elements) - begin;
  const std::size_t bytes = program.element_bytes;
  const std::size_t skipped = static_cast<std::size_t>(begin) * bytes;
  const std::int64_t columns = program.fused_columns;
  std::array<const void*, PointwiseProgram::kMaxInstructions> leaves;
  for (std::size_t k = 0; k < program.fused_leaves.size(); ++k) {
    const PointwiseProgram::Leaf& leaf = program.fused_leaves[k];
    if (leaf.operand < 0) {
      leaves[k] = leaf.constant.data();
      continue;
    }
    const auto operand = static_cast<std::size_t>(leaf.operand);
    leaves[k] = static_cast<const std::byte*>(in[operand]) +
                static_cast<std::size_t>(program.operands[operand].offset) * bytes +
                (program.fused->leaves[k] == LeafKind::dense ? skipped : 0);
  }
  std::array<void*, PointwiseProgram::kMaxInstructions> outputs;
  for (std::size_t k = 0; k < static_cast<std::size_t>(program.outputs); ++k) {
    outputs[k] = static_cast<std::byte*>(out[k]) + skipped;
  }
  bound.fused({.leaves = leaves.data(),
               .outputs = outputs.data(),
               .rows = columns == 0 ? 1 : count / columns,
               .columns = columns == 0 ? count : columns});
}

}  // namespace

BoundProgram bind_program(const PointwiseProgram& program) {
  BoundProgram bound{.program = &program, .fused = nullptr, .functions = {}};
  if (program.fused != nullptr) {
    bound.fused = program.fused->run;
    return bound;
  }
  bound.functions.reserve(program.preamble.size() + program.instructions.size());
  for (const auto* part : {&program.preamble, &program.instructions}) {
    for (const PointwiseProgram::Instruction& instruction : *part) {
      bound.functions.push_back(instruction.op == nullptr
                                    ? nullptr
                                    : pointwise_function(*instruction.op, Backend::cpu, program.element_bytes));
    }
  }
  return bound;
}

void run_program(const BoundProgram& bound, const void* const* in, void* const* out, std::byte* workspace,
                 TileRange tiles) {
  if (tiles.begin >= tiles.end) return;
  if (bound.fused != nullptr) return run_fused_chain(bound, in, out, tiles);
  const PointwiseProgram& program = *bound.program;
  const PointwiseFunction* const of_preamble = bound.functions.data();
  const PointwiseFunction* const of_instructions = of_preamble + program.preamble.size();
  const std::size_t operands = program.operands.size();
  const std::size_t outputs = static_cast<std::size_t>(program.outputs);
  std::array<void*, kMaxSlots> slots;
  for (std::size_t k = 0; k < static_cast<std::size_t>(program.scratch_slots); ++k) {
    slots[operands + outputs + k] = workspace + k * PointwiseProgram::kTileBytes;
  }
  // Fills the scratch tiles that are the same for every tile: constants, and operands that repeat one element.
  const std::int64_t longest = std::min(program.tile_elements, program.elements);
  for (std::size_t k = 0; k < program.preamble.size(); ++k)
    execute(program.preamble[k], of_preamble[k], slots.data(), longest, program.element_bytes);
  for (std::size_t k = 0; k < operands; ++k) {
    if (program.load_scratch[k] < 0) continue;
    slots[k] = slots[static_cast<std::size_t>(program.load_scratch[k])];
    if (program.operands[k].is_one_element()) load(program, k, in[k], 0, longest, slots[k]);
  }
  for (std::int64_t tile = tiles.begin; tile < tiles.end; ++tile) {
    const std::int64_t begin = tile * program.tile_elements;
    const std::int64_t count = std::min(program.tile_elements, program.elements - begin);
    const std::size_t bytes = static_cast<std::size_t>(begin) * program.element_bytes;
    for (std::size_t k = 0; k < operands; ++k) {
      if (program.load_scratch[k] < 0) {
        const std::size_t offset = static_cast<std::size_t>(program.operands[k].offset) * program.element_bytes;
        // Operands are never written through this pointer: instructions write only to outputs and scratch tiles.
        slots[k] = const_cast<std::byte*>(static_cast<const std::byte*>(in[k])) + offset + bytes;
      } else if (!program.operands[k].is_one_element()) {
        load(program, k, in[k], begin, count, slots[k]);
      }
    }
    for (std::size_t k = 0; k < outputs; ++k) slots[operands + k] = static_cast<std::byte*>(out[k]) + bytes;
    for (std::size_t k = 0; k < program.instructions.size(); ++k)
      execute(program.instructions[k], of_instructions[k], slots.data(), count, program.element_bytes);
  }
}

}  // namespace hillock
