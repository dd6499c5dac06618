// lane_matmul on the CPU: each vector lane computes a product of its own. Blocks of 4 rows by 3 columns are kept in
// registers, which takes 7 loads for 12 multiply-adds. Accepts every operand that the type rule accepts.
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "cpu/partial_vector-inl.h"
#include "ops/lane_matmul/lane_matmul.h"
#include "ops/matmul/matmul.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

enum : std::size_t { kM, kK, kN, kLanes, kStepAI, kStepAK, kStepBK, kStepBJ };

constexpr std::int64_t kRows = 4, kColumns = 3;

// Strides in elements, which include the lanes.
template <class T>
struct Operands {
  const T* a;
  const T* b;
  T* c;
  std::int64_t k, step_ai, step_ak, step_bk, step_bj, step_ci, step_cj;
};

// If the last lanes do not fill a vector, only `count` of them are read and written.
template <bool kWhole, class D>
HWY_INLINE hn::Vec<D> load(D d, const hn::TFromD<D>* from, [[maybe_unused]] std::size_t count) {
  if constexpr (kWhole) return hn::LoadU(d, from);
  return cpu::load_first(d, from, count, hn::TFromD<D>{0});
}
template <bool kWhole, class D>
HWY_INLINE void store(D d, hn::Vec<D> value, hn::TFromD<D>* to, [[maybe_unused]] std::size_t count) {
  if constexpr (kWhole) return hn::StoreU(value, d, to);
  cpu::store_first(d, value, to, count);
}

template <std::int64_t kI, std::int64_t kJ, bool kWhole, class T>
HWY_NOINLINE void multiply_block(const Operands<T>& o, std::size_t count) {
  using D = hn::ScalableTag<T>;
  const D d;
  for (std::int64_t begin = 0; begin == 0 || begin < o.k; begin += kMatmulChain) {
    hn::Vec<D> chains[kI][kJ];
    for (auto& row : chains) {
      for (auto& chain : row) chain = hn::Zero(d);
    }
    const std::int64_t end = std::min(begin + kMatmulChain, o.k);
    const T* a = o.a + begin * o.step_ak;
    const T* b = o.b + begin * o.step_bk;
    for (std::int64_t k = begin; k < end; ++k, a += o.step_ak, b += o.step_bk) {
      hn::Vec<D> columns[kJ];
      for (std::int64_t j = 0; j < kJ; ++j) columns[j] = load<kWhole>(d, b + j * o.step_bj, count);
      for (std::int64_t i = 0; i < kI; ++i) {
        const auto row = load<kWhole>(d, a + i * o.step_ai, count);
        for (std::int64_t j = 0; j < kJ; ++j) chains[i][j] = hn::MulAdd(row, columns[j], chains[i][j]);
      }
    }
    for (std::int64_t i = 0; i < kI; ++i) {
      for (std::int64_t j = 0; j < kJ; ++j) {
        T* c = o.c + i * o.step_ci + j * o.step_cj;
        const auto sum = begin == 0 ? chains[i][j] : hn::Add(load<kWhole>(d, c, count), chains[i][j]);
        store<kWhole>(d, sum, c, count);
      }
    }
  }
}

template <bool kWhole, class T>
void multiply_rows(Operands<T> o, std::int64_t rows, std::int64_t n, std::size_t count) {
  using Block = void (*)(const Operands<T>&, std::size_t);
  static constexpr Block kBlocks[kRows][kColumns] = {
      {&multiply_block<1, 1, kWhole, T>, &multiply_block<1, 2, kWhole, T>, &multiply_block<1, 3, kWhole, T>},
      {&multiply_block<2, 1, kWhole, T>, &multiply_block<2, 2, kWhole, T>, &multiply_block<2, 3, kWhole, T>},
      {&multiply_block<3, 1, kWhole, T>, &multiply_block<3, 2, kWhole, T>, &multiply_block<3, 3, kWhole, T>},
      {&multiply_block<4, 1, kWhole, T>, &multiply_block<4, 2, kWhole, T>, &multiply_block<4, 3, kWhole, T>}};
  for (std::int64_t j = 0; j < n; j += kColumns) {
    kBlocks[rows - 1][std::min(kColumns, n - j) - 1](o, count);
    o.b += kColumns * o.step_bj;
    o.c += kColumns * o.step_cj;
  }
}

// A tile is four rows of c, for all lanes.
template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  constexpr std::int64_t kWidth = static_cast<std::int64_t>(hn::MaxLanes(hn::ScalableTag<T>()));
  const std::int64_t lanes = p[kLanes];
  for (std::int64_t lane = 0; lane < lanes; lane += kWidth) {
    for (std::int64_t tile = tiles.begin; tile < tiles.end; ++tile) {
      const std::int64_t i = tile * kRows;
      const std::int64_t rows = std::min(kRows, p[kM] - i);
      if (rows <= 0) continue;
      const Operands<T> o{.a = static_cast<const T*>(call.in[0]) + i * p[kStepAI] + lane,
                          .b = static_cast<const T*>(call.in[1]) + lane,
                          .c = static_cast<T*>(call.out[0]) + i * p[kN] * lanes + lane,
                          .k = p[kK],
                          .step_ai = p[kStepAI],
                          .step_ak = p[kStepAK],
                          .step_bk = p[kStepBK],
                          .step_bj = p[kStepBJ],
                          .step_ci = p[kN] * lanes,
                          .step_cj = lanes};
      if (lane + kWidth <= lanes) {
        multiply_rows<true>(o, rows, p[kN], 0);
      } else {
        multiply_rows<false>(o, rows, p[kN], static_cast<std::size_t>(lanes - lane));
      }
    }
  }
}

}  // namespace

KernelPlan plan_lane_matmul(const OpSignature& signature) {
  const MatmulShape shape = matmul_shape(signature);
  const std::int64_t lanes = signature.in[0].shape[2];
  KernelPlan plan;
  plan.name = "lane_matmul";
  plan.run = signature.in[0].dtype == DType::f64 ? &run<double> : &run<float>;
  plan.parameters[kM] = shape.m;
  plan.parameters[kK] = shape.k;
  plan.parameters[kN] = shape.n;
  plan.parameters[kLanes] = lanes;
  plan.parameters[kStepAI] = (shape.transpose_a ? 1 : shape.k) * lanes;
  plan.parameters[kStepAK] = (shape.transpose_a ? shape.m : 1) * lanes;
  plan.parameters[kStepBK] = (shape.transpose_b ? 1 : shape.n) * lanes;
  plan.parameters[kStepBJ] = (shape.transpose_b ? shape.k : 1) * lanes;
  plan.tiles = std::max<std::int64_t>(ceil_div(shape.m, kRows), 1);
  plan.reason = {"{} replicas: a vector holds an element of as many products as it has lanes", {lanes}};
  return plan;
}

}  // namespace hillock
