// random_uniform on the CPU: Philox for as many blocks of a row at once as a vector has lanes, cut into tiles of rows.
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "ops/random_uniform/draw.h"
#include "ops/random_uniform/random_uniform.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

enum : std::size_t { kRows, kColumns, kStream, kRowsPerTile };

using Words = hn::ScalableTag<std::uint32_t>;
using Products = hn::Repartition<std::uint64_t, Words>;
constexpr std::int64_t kBlocks = static_cast<std::int64_t>(hn::MaxLanes(Words()));

struct Product {
  hn::Vec<Words> high;
  hn::Vec<Words> low;
};

// The 64-bit products of all lanes with one number, halved into words.
HWY_INLINE Product multiply(hn::Vec<Words> x, hn::Vec<Words> multiplier) {
  const auto even = hn::MulEven(x, multiplier);
  const auto odd = hn::MulEven(hn::BitCast(Words(), hn::ShiftRight<32>(hn::BitCast(Products(), x))), multiplier);
  const auto words = [](auto products) { return hn::BitCast(Words(), products); };
  return {.high = hn::OddEven(words(odd), words(hn::ShiftRight<32>(even))),
          .low = hn::OddEven(words(hn::ShiftLeft<32>(odd)), words(even))};
}

// The words of blocks [block, block + kBlocks) of a row, in the order of its columns: philox() of core/random.h in
// lanes.
HWY_INLINE void draw_blocks(const DrawPosition& position, std::uint64_t global_row, std::uint32_t block,
                            std::uint32_t* words) {
  const Words d;
  const auto multiplier0 = hn::Set(d, kPhiloxMultiplier0);
  const auto multiplier1 = hn::Set(d, kPhiloxMultiplier1);
  auto c0 = hn::Iota(d, block);
  auto c1 = hn::Set(d, static_cast<std::uint32_t>(global_row));
  auto c2 = hn::Set(d, static_cast<std::uint32_t>(global_row >> 32));
  auto c3 = hn::Set(d, position.step);
  PhiloxKey key = position.key;
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const Product product0 = multiply(c0, multiplier0);
    const Product product1 = multiply(c2, multiplier1);
    c0 = hn::Xor(hn::Xor(product1.high, c1), hn::Set(d, key[0]));
    c2 = hn::Xor(hn::Xor(product0.high, c3), hn::Set(d, key[1]));
    c1 = product1.low;
    c3 = product0.low;
    key[0] += kPhiloxKeyStep0;
    key[1] += kPhiloxKeyStep1;
  }
  hn::StoreInterleaved4(c0, c1, c2, c3, d, words);
}

// unit_interval() of words a vector at a time; the integers have 24 bits, so their conversion is exact. Returns how
// many.
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

}  // namespace

KernelPlan plan_random_uniform(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 4096;
  const Shape shape(signature.attributes.integers("shape"));
  KernelPlan plan;
  plan.name = "random_uniform";
  plan.run =
      signature.attributes.integer("dtype") == static_cast<std::int64_t>(DType::f64) ? &run<double> : &run<float>;
  const std::int64_t columns = extent_of(shape, 1, shape.rank());
  plan.parameters[kRows] = columns == 0 ? 0 : extent_of(shape, 0, std::min(shape.rank(), 1));
  plan.parameters[kColumns] = columns;
  plan.parameters[kStream] = signature.attributes.integer("stream");
  plan.parameters[kRowsPerTile] = std::max<std::int64_t>(kElementsPerTile / std::max<std::int64_t>(columns, 1), 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kRows], plan.parameters[kRowsPerTile]), 1);
  return plan;
}

}  // namespace hillock
