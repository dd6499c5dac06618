// softmax_cross_entropy on the CPU: a row at a time in workspace rows of whole vectors, so that no loop has a tail.
// What fills a row up is computed with but never reduced.
#include <algorithm>
#include <type_traits>

#include "core/math.h"
#include "cpu/reduction.h"
#include "cpu/vector_math.h"
#include "ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

enum : std::size_t { kRows, kClasses, kRowsPerTile, kPadded };

// Workspace rows, each p[kPadded] long.
template <class T>
struct Rows {
  T* logits;
  T* targets;
  T* probabilities;
};

// Leaves probabilities in place and returns the loss; the logits' row is overwritten.
template <class T>
T softmax_row(const Rows<T>& rows, std::int64_t classes, std::size_t padded) {
  const hn::ScalableTag<T> d;
  using D = decltype(d);
  const std::size_t step = hn::Lanes(d);
  const auto largest = hn::Set(d, cpu::reduce_contiguous<MaxRule>(rows.logits, classes));
  for (std::size_t c = 0; c < padded; c += step) {
    const auto shifted = hn::Sub(hn::Load(d, rows.logits + c), largest);
    hn::Store(shifted, d, rows.logits + c);
    hn::Store(math::generic::exp<cpu::VectorLane<std::remove_const_t<D>>>(shifted), d, rows.probabilities + c);
  }
  const T sum = cpu::reduce_contiguous<SumRule>(rows.probabilities, classes);
  const auto divisor = hn::Set(d, sum);
  const auto log_sum = hn::Set(d, math::log<T>(sum));
  for (std::size_t c = 0; c < padded; c += step) {
    hn::Store(hn::Div(hn::Load(d, rows.probabilities + c), divisor), d, rows.probabilities + c);
    const auto t = hn::Load(d, rows.targets + c);
    const auto term = hn::Mul(t, hn::Sub(log_sum, hn::Load(d, rows.logits + c)));
    hn::Store(hn::IfThenElse(hn::Eq(t, hn::Zero(d)), hn::Zero(d), term), d, rows.logits + c);
  }
  return cpu::reduce_contiguous<SumRule>(rows.logits, classes);
}

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const std::int64_t classes = p[kClasses];
  T* workspace = reinterpret_cast<T*>(call.workspace);
  const Rows<T> rows{workspace, workspace + p[kPadded], workspace + 2 * p[kPadded]};
  std::fill(rows.logits + classes, rows.logits + p[kPadded], T{0});
  std::fill(rows.targets + classes, rows.targets + p[kPadded], T{0});
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  for (std::int64_t row = tiles.begin * p[kRowsPerTile]; row < end; ++row) {
    std::copy_n(static_cast<const T*>(call.in[0]) + row * classes, classes, rows.logits);
    std::copy_n(static_cast<const T*>(call.in[1]) + row * classes, classes, rows.targets);
    static_cast<T*>(call.out[0])[row] = softmax_row(rows, classes, static_cast<std::size_t>(p[kPadded]));
    std::copy_n(rows.probabilities, classes, static_cast<T*>(call.out[1]) + row * classes);
  }
}

}  // namespace

KernelPlan plan_softmax_cross_entropy(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 1024;  // some microseconds of exponentials
  constexpr std::int64_t kWidestVector = 64 / static_cast<std::int64_t>(sizeof(float));
  const TensorType& logits = signature.in[0];
  KernelPlan plan;
  plan.name = "softmax_cross_entropy";
  plan.run = logits.dtype == DType::f64 ? &run<double> : &run<float>;
  plan.parameters[kRows] = logits.shape[0];
  plan.parameters[kClasses] = logits.shape[1];
  plan.parameters[kRowsPerTile] = std::max<std::int64_t>(kElementsPerTile / logits.shape[1], 1);
  plan.parameters[kPadded] = ceil_div(logits.shape[1], kWidestVector) * kWidestVector;
  plan.tiles = std::max<std::int64_t>(ceil_div(logits.shape[0], plan.parameters[kRowsPerTile]), 1);
  plan.workspace_bytes = static_cast<std::size_t>(3 * plan.parameters[kPadded]) * size_in_bytes(logits.dtype);
  return plan;
}

}  // namespace hillock
