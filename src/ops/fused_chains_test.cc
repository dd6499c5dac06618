// Compares every fused chain bit for bit with the ops that it consists of. The plans of dense networks depend on them.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/float_mode.h"
#include "core/random.h"
#include "cpu/tile_program.h"
#include "hillock/graph.h"
#include "hillock/plan.h"
#include "ir/fused_chain.h"

namespace hillock {
namespace {

struct Extent {
  std::int64_t rows;
  std::int64_t columns;
};

View view_for(LeafKind kind, Extent extent) {
  View view;
  view.shape = Shape{extent.rows, extent.columns};
  view.strides = {};
  if (kind == LeafKind::dense) view.strides[0] = extent.columns;
  if (kind == LeafKind::dense || kind == LeafKind::row) view.strides[1] = 1;
  return view;
}

std::int64_t elements_of(LeafKind kind, Extent extent) {
  switch (kind) {
    case LeafKind::dense: return extent.rows * extent.columns;
    case LeafKind::one: return 1;
    case LeafKind::row: return extent.columns;
  }
  return 0;
}

bool has_rows(const FusedChain& chain) { return std::ranges::find(chain.leaves, LeafKind::row) != chain.leaves.end(); }

// The chain as the planner writes it without its kernel.
PointwiseProgram interpreted(const FusedChain& chain, Extent extent) {
  PointwiseProgram program;
  program.elements = extent.rows * extent.columns;
  program.element_bytes = chain.element_bytes;
  program.tile_elements = PointwiseProgram::kTileBytes / static_cast<std::int64_t>(chain.element_bytes);
  program.outputs = static_cast<std::int16_t>(chain.outputs.size());
  const auto first_output = static_cast<std::int16_t>(chain.leaves.size());
  auto scratch = static_cast<std::int16_t>(first_output + program.outputs);
  for (LeafKind kind : chain.leaves) {
    program.operands.push_back(view_for(kind, extent));
    program.load_scratch.push_back(program.operands.back().is_dense() ? std::int16_t{-1} : scratch++);
  }
  std::vector<std::int16_t> slot_of_instruction;
  for (std::size_t i = 0; i < chain.instructions.size(); ++i) {
    const auto output = std::ranges::find(chain.outputs, static_cast<std::int16_t>(i));
    slot_of_instruction.push_back(output == chain.outputs.end()
                                      ? scratch++
                                      : static_cast<std::int16_t>(first_output + (output - chain.outputs.begin())));
  }
  for (std::size_t i = 0; i < chain.instructions.size(); ++i) {
    const FusedChain::Instruction& from = chain.instructions[i];
    PointwiseProgram::Instruction to;
    to.op = from.op;
    to.inputs = static_cast<std::int16_t>(from.in.size());
    to.out = slot_of_instruction[i];
    for (std::size_t k = 0; k < from.in.size(); ++k) {
      to.in[k] = from.in[k] < 0 ? static_cast<std::int16_t>(-1 - from.in[k])
                                : slot_of_instruction[static_cast<std::size_t>(from.in[k])];
    }
    program.instructions.push_back(to);
  }
  program.scratch_slots = static_cast<std::int16_t>(scratch - first_output - program.outputs);
  return program;
}

// The same program with the chain's kernel.
PointwiseProgram fused(const FusedChain& chain, Extent extent) {
  PointwiseProgram program = interpreted(chain, extent);
  program.fused = &chain;
  for (std::size_t k = 0; k < chain.leaves.size(); ++k) {
    program.fused_leaves.push_back({.operand = static_cast<std::int16_t>(k), .constant = {}});
  }
  if (has_rows(chain)) {
    program.fused_columns = extent.columns;
    program.tile_elements = std::max<std::int64_t>(program.tile_elements / extent.columns, 1) * extent.columns;
  }
  return program;
}

// Ordinary numbers, and sometimes a special one.
template <class T>
T some_value(PhiloxStream& random, bool with_specials) {
  using Limits = std::numeric_limits<T>;
  static constexpr T kSpecials[] = {T{0},
                                    -T{0},
                                    Limits::quiet_NaN(),
                                    Limits::infinity(),
                                    -Limits::infinity(),
                                    Limits::denorm_min(),
                                    -Limits::min() / 4,
                                    Limits::max(),
                                    Limits::lowest(),
                                    T{1},
                                    T{-100},
                                    T{100}};
  if (with_specials && random.below(6) == 0) return kSpecials[random.below(std::size(kSpecials))];
  return static_cast<T>(random.uniform(-4.0, 4.0));
}

// A tensor with a pattern before and after it that must not change.
template <class T>
class Guarded {
 public:
  explicit Guarded(std::int64_t elements) : values_(2 * kGuard + static_cast<std::size_t>(elements), T(-12345)) {}
  T* data() { return values_.data() + kGuard; }
  // It is not specified which of two NaNs results.
  bool same_as(const Guarded& other) const {
    return std::ranges::equal(values_, other.values_, [](T x, T y) {
      return (std::isnan(x) && std::isnan(y)) || std::memcmp(&x, &y, sizeof(T)) == 0;
    });
  }

 private:
  static constexpr std::size_t kGuard = 33;
  std::vector<T> values_;
};

template <class T>
std::vector<Guarded<T>> run(const PointwiseProgram& program, const std::vector<const void*>& in,
                            const std::vector<TileRange>& split) {
  std::vector<Guarded<T>> outputs;
  std::vector<void*> out;
  for (int k = 0; k < program.outputs; ++k) outputs.emplace_back(program.elements);
  for (Guarded<T>& output : outputs) out.push_back(output.data());
  std::vector<std::byte> workspace(static_cast<std::size_t>(program.scratch_slots) * PointwiseProgram::kTileBytes + 64);
  void* start = workspace.data();
  std::size_t space = workspace.size();
  std::align(64, space - 64, start, space);
  const FlushToZero mode;
  for (TileRange tiles : split)
    run_program(bind_program(program), in.data(), out.data(), static_cast<std::byte*>(start), tiles);
  return outputs;
}

template <class T>
void check(const FusedChain& chain, Extent extent, PhiloxStream& random, bool with_specials) {
  std::vector<std::vector<T>> leaves;
  std::vector<const void*> in;
  for (LeafKind kind : chain.leaves) {
    std::vector<T>& leaf = leaves.emplace_back();
    for (std::int64_t i = 0; i < elements_of(kind, extent); ++i) leaf.push_back(some_value<T>(random, with_specials));
  }
  for (const auto& leaf : leaves) in.push_back(leaf.data());
  const PointwiseProgram one_by_one = interpreted(chain, extent);
  const PointwiseProgram at_once = fused(chain, extent);
  const auto expected = run<T>(one_by_one, in, {{0, one_by_one.tiles()}});
  std::vector<TileRange> tile_by_tile;
  for (std::int64_t tile = at_once.tiles(); tile-- > 0;) tile_by_tile.push_back({tile, tile + 1});
  for (const auto& split : {std::vector<TileRange>{{0, at_once.tiles()}}, tile_by_tile}) {
    const auto got = run<T>(at_once, in, split);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      ASSERT_TRUE(got[k].same_as(expected[k])) << chain.name << ", " << sizeof(T) << " bytes, " << extent.rows << " x "
                                               << extent.columns << ", output " << k;
    }
  }
}

class EveryFusedChain : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryFusedChain, GivesTheBitsOfItsOpsOneByOne) {
  const FusedChain& chain = fused_chains()[GetParam()];
  PhiloxStream random(7, chain.name);
  for (std::int64_t rows : {1, 2, 3, 4, 5, 8, 17, 33, 200}) {
    for (std::int64_t columns : {1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 100, 1500}) {
      for (bool with_specials : {false, true}) {
        if (chain.element_bytes == 4) {
          check<float>(chain, {rows, columns}, random, with_specials);
        } else {
          check<double>(chain, {rows, columns}, random, with_specials);
        }
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

std::string chain_name(const testing::TestParamInfo<std::size_t>& info) {
  const FusedChain& chain = fused_chains()[info.param];
  std::string name(chain.name);
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  for (LeafKind kind : chain.leaves) name += "dor"[static_cast<int>(kind)];  // dense, one, row
  return name + (chain.element_bytes == 4 ? "F32" : "F64");
}

INSTANTIATE_TEST_SUITE_P(Table, EveryFusedChain, testing::Range<std::size_t>(0, fused_chains().size()), chain_name);

}  // namespace
}  // namespace hillock
