// random_uniform on the CPU, divided into tiles of rows: Philox for as many blocks of a row as a vector has lanes.
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>

#include "ops/random_uniform/draw.h"
#include "ops/random_uniform/random_uniform.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

enum : std::size_t { kRows, kColumns, kStream, kRowsPerTile, kLanes };

using Words = hn::ScalableTag<std::uint32_t>;
using Products = hn::Repartition<std::uint64_t, Words>;
constexpr std::int64_t kBlocks = static_cast<std::int64_t>(hn::MaxLanes(Words()));

struct Product {
  hn::Vec<Words> high;
  hn::Vec<Words> low;
};

// The 64-bit products of all lanes with one number, split into two words each.
HWY_INLINE Product multiply(hn::Vec<Words> x, hn::Vec<Words> multiplier) {
  const auto even = hn::MulEven(x, multiplier);
  const auto odd = hn::MulEven(hn::BitCast(Words(), hn::ShiftRight<32>(hn::BitCast(Products(), x))), multiplier);
  const auto words = [](auto products) { return hn::BitCast(Words(), products); };
  return {.high = hn::OddEven(words(odd), words(hn::ShiftRight<32>(even))),
          .low = hn::OddEven(words(hn::ShiftLeft<32>(odd)), words(even))};
}

struct Counters {
  hn::Vec<Words> c0, c1, c2, c3;
};

// philox() of core/random.h in each lane, with the lane's own counter and key.
HWY_INLINE Counters draw(Counters c, hn::Vec<Words> key0, hn::Vec<Words> key1) {
  const Words d;
  const auto multiplier0 = hn::Set(d, kPhiloxMultiplier0);
  const auto multiplier1 = hn::Set(d, kPhiloxMultiplier1);
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const Product product0 = multiply(c.c0, multiplier0);
    const Product product1 = multiply(c.c2, multiplier1);
    c.c0 = hn::Xor(hn::Xor(product1.high, c.c1), key0);
    c.c2 = hn::Xor(hn::Xor(product0.high, c.c3), key1);
    c.c1 = product1.low;
    c.c3 = product0.low;
    key0 = hn::Add(key0, hn::Set(d, kPhiloxKeyStep0));
    key1 = hn::Add(key1, hn::Set(d, kPhiloxKeyStep1));
  }
  return c;
}

// The words of blocks [block, block + kBlocks) of a row, in the order of its columns.
HWY_INLINE void draw_blocks(const DrawPosition& position, std::uint64_t global_row, std::uint32_t block,
                            std::uint32_t* words) {
  const Words d;
  const Counters c = draw({.c0 = hn::Iota(d, block),
                           .c1 = hn::Set(d, static_cast<std::uint32_t>(global_row)),
                           .c2 = hn::Set(d, static_cast<std::uint32_t>(global_row >> 32)),
                           .c3 = hn::Set(d, position.step)},
                          hn::Set(d, position.key[0]), hn::Set(d, position.key[1]));
  hn::StoreInterleaved4(c.c0, c.c1, c.c2, c.c3, d, words);
}

// unit_interval() of the words, a vector at a time. The integers have 24 bits, so their conversion is exact. Returns
// the number of values stored.
HWY_INLINE std::int64_t store_whole_vectors(const std::uint32_t* words, std::int64_t count, float* out) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> integers;
  std::int64_t k = 0;
  for (; k + kBlocks <= count; k += kBlocks) {
    const auto top = hn::BitCast(integers, hn::ShiftRight<8>(hn::Load(Words(), words + k)));
    hn::StoreU(hn::Mul(hn::ConvertTo(d, top), hn::Set(d, 0x1p-24f)), d, out + k);
  }
  return k;
}

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const DrawPosition position = draw_position(static_cast<const std::int64_t*>(call.in[0]), p[kStream]);
  const std::int64_t columns = p[kColumns];
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  alignas(64) std::uint32_t words[4 * kBlocks];
  for (std::int64_t row = tiles.begin * p[kRowsPerTile]; row < end; ++row) {
    T* out = static_cast<T*>(call.out[0]) + row * columns;
    const std::uint64_t global_row = position.first_row + static_cast<std::uint64_t>(row);
    for (std::int64_t column = 0; column < columns; column += 4 * kBlocks) {
      draw_blocks(position, global_row, static_cast<std::uint32_t>(column / 4), words);
      const std::int64_t count = std::min(4 * kBlocks, columns - column);
      std::int64_t done = 0;
      if constexpr (std::is_same_v<T, float>) done = store_whole_vectors(words, count, out + column);
      for (std::int64_t k = done; k < count; ++k) out[column + k] = unit_interval<T>(words[k]);
    }
  }
}

// Several positions at once: as many as a vector has lanes, or fewer for the last ones.
class PositionsInLanes {
 public:
  PositionsInLanes(const std::int64_t* positions, std::int64_t stream, std::int64_t lanes, std::int64_t lane)
      : count_(std::min(kBlocks, lanes - lane)) {
    for (std::int64_t k = 0; k < count_; ++k) {
      const std::array<std::int64_t, 3> of_lane{positions[lane + k], positions[lanes + lane + k],
                                                positions[2 * lanes + lane + k]};
      const DrawPosition position = draw_position(of_lane.data(), stream);
      key0_[k] = position.key[0];
      key1_[k] = position.key[1];
      step_[k] = position.step;
      first_row_[k] = position.first_row;
    }
  }

  std::int64_t count() const { return count_; }
  // words[4 w …] becomes word w of the block, one value per lane.
  HWY_INLINE void draw_block(std::int64_t row, std::uint32_t block, std::uint32_t* words) const {
    const Words d;
    alignas(64) std::uint32_t low[kBlocks]{}, high[kBlocks]{};
    for (std::int64_t k = 0; k < count_; ++k) {
      const std::uint64_t global_row = first_row_[k] + static_cast<std::uint64_t>(row);
      low[k] = static_cast<std::uint32_t>(global_row);
      high[k] = static_cast<std::uint32_t>(global_row >> 32);
    }
    const Counters c =
        draw({.c0 = hn::Set(d, block), .c1 = hn::Load(d, low), .c2 = hn::Load(d, high), .c3 = hn::Load(d, step_)},
             hn::Load(d, key0_), hn::Load(d, key1_));
    hn::Store(c.c0, d, words);
    hn::Store(c.c1, d, words + kBlocks);
    hn::Store(c.c2, d, words + 2 * kBlocks);
    hn::Store(c.c3, d, words + 3 * kBlocks);
  }

 private:
  std::int64_t count_;
  alignas(64) std::uint32_t key0_[kBlocks]{}, key1_[kBlocks]{}, step_[kBlocks]{};
  std::uint64_t first_row_[kBlocks]{};
};

template <class T>
void run_in_lanes(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const std::int64_t columns = p[kColumns], lanes = p[kLanes];
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  alignas(64) std::uint32_t words[4 * kBlocks];
  for (std::int64_t lane = 0; lane < lanes; lane += kBlocks) {
    const PositionsInLanes positions(static_cast<const std::int64_t*>(call.in[0]), p[kStream], lanes, lane);
    for (std::int64_t row = tiles.begin * p[kRowsPerTile]; row < end; ++row) {
      for (std::int64_t column = 0; column < columns; ++column) {
        if (column % 4 == 0) positions.draw_block(row, static_cast<std::uint32_t>(column / 4), words);
        T* out = static_cast<T*>(call.out[0]) + (row * columns + column) * lanes + lane;
        const std::uint32_t* from = words + column % 4 * kBlocks;
        std::int64_t done = 0;
        if constexpr (std::is_same_v<T, float>) done = store_whole_vectors(from, positions.count(), out);
        for (std::int64_t k = done; k < positions.count(); ++k) out[k] = unit_interval<T>(from[k]);
      }
    }
  }
}

}  // namespace

KernelPlan plan_random_uniform(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 4096;
  const Shape shape(signature.attributes.integers("shape"));
  KernelPlan plan;
  plan.name = "random_uniform";
  const bool is_f64 = signature.attributes.integer("dtype") == static_cast<std::int64_t>(DType::f64);
  const Shape& position = signature.in[0].shape;
  const std::int64_t lanes = position.rank() == 1 ? 1 : position[1];
  plan.run = is_f64 ? &run<double> : &run<float>;
  if (position.rank() == 2) plan.run = is_f64 ? &run_in_lanes<double> : &run_in_lanes<float>;
  const std::int64_t columns = extent_of(shape, 1, shape.rank());
  plan.parameters[kRows] = columns == 0 ? 0 : extent_of(shape, 0, std::min(shape.rank(), 1));
  plan.parameters[kColumns] = columns;
  plan.parameters[kStream] = signature.attributes.integer("stream");
  plan.parameters[kLanes] = lanes;
  plan.parameters[kRowsPerTile] =
      std::max<std::int64_t>(kElementsPerTile / std::max<std::int64_t>(columns * lanes, 1), 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kRows], plan.parameters[kRowsPerTile]), 1);
  plan.reason = position.rank() == 2 ? KernelReason{"{} replicas: {} draw at once", {lanes, kBlocks}}
                                     : KernelReason{"{} columns: {} are drawn at once", {columns, 4 * kBlocks}};
  return plan;
}

}  // namespace hillock
