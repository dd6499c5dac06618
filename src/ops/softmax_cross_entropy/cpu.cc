// softmax_cross_entropy on the CPU: processes a tile of rows in three passes, so that the logarithms of a tile are one
// vector loop, and independent rows overlap in the processor. A row of up to 16 classes is one block of the reductions,
// and such rows are stored side by side.
#include <algorithm>
#include <cstdint>

#include "cpu/reduction.h"
#include "cpu/vector_math.h"
#include "ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

enum : std::size_t { kRows, kClasses, kTileRows, kPadded };

// elements, so that rows of the workspace are whole vectors for every instruction set
constexpr std::int64_t kWidestVector = 16;

std::int64_t padded(std::int64_t count) { return ceil_div(count, kWidestVector) * kWidestVector; }

template <class T>
class SoftmaxTile {
 public:
  SoftmaxTile(const KernelCall& call, std::int64_t first_row)
      : rows_(std::min(call.parameters[kTileRows], call.parameters[kRows] - first_row)),
        classes_(call.parameters[kClasses]),
        padded_(call.parameters[kPadded]),
        x_(static_cast<const T*>(call.in[0]) + first_row * classes_),
        t_(static_cast<const T*>(call.in[1]) + first_row * classes_),
        loss_(static_cast<T*>(call.out[0]) + first_row),
        p_(static_cast<T*>(call.out[1]) + first_row * classes_),
        slope_(static_cast<T*>(call.out[2]) + first_row * classes_),
        shifted_(reinterpret_cast<T*>(call.workspace)),
        exponentials_(shifted_ + call.parameters[kTileRows] * padded_),
        sums_(exponentials_ + call.parameters[kTileRows] * padded_),
        logarithms_(sums_ + padded(call.parameters[kTileRows])) {}

  void run() const {
    if (classes_ <= kReductionLanes) {
      run_short_rows(cpu::ShortRow<T>(classes_));
    } else {
      run_rows();
    }
  }

 private:
  using D = hn::ScalableTag<T>;
  static constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(D()));

  // Calls function(first column, how many of the vector's columns there are).
  template <class Function>
  HWY_INLINE void for_each_vector(Function&& function) const {
    for (std::int64_t c = 0; c < classes_; c += kLanes) function(c, std::min(kLanes, classes_ - c));
  }
  HWY_INLINE static hn::Vec<D> load(const T* from, std::int64_t count) {
    return count == kLanes ? hn::LoadU(D(), from) : cpu::load_first(D(), from, static_cast<std::size_t>(count), T{0});
  }
  HWY_INLINE static void store(hn::Vec<D> vector, T* to, std::int64_t count) {
    if (count == kLanes) return hn::StoreU(vector, D(), to);
    alignas(64) T buffer[kLanes];
    hn::Store(vector, D(), buffer);
    for (std::int64_t lane = 0; lane < count; ++lane) to[lane] = buffer[lane];
  }

  // Computes x - m and e^(x - m) of a row; returns the sum of the latter.
  HWY_INLINE T exponentiate(std::int64_t row) const {
    const T* x = x_ + row * classes_;
    T* shifted = shifted_ + row * padded_;
    T* exponentials = exponentials_ + row * padded_;
    const auto largest = hn::Set(D(), cpu::reduce_contiguous<MaxRule>(x, classes_));
    for_each_vector([&](std::int64_t c, std::int64_t count) {
      const auto difference = hn::Sub(load(x + c, count), largest);
      hn::Store(difference, D(), shifted + c);
      hn::Store(math::generic::exp<cpu::VectorLane<D>>(difference), D(), exponentials + c);
    });
    return cpu::reduce_contiguous<SumRule>(exponentials, classes_);
  }

  // Computes the probabilities and the slope of a row; returns its loss. The terms of the loss overwrite x - m.
  HWY_INLINE T finish(std::int64_t row) const {
    const T* t = t_ + row * classes_;
    T* p = p_ + row * classes_;
    T* slope = slope_ + row * classes_;
    T* shifted = shifted_ + row * padded_;
    const T* exponentials = exponentials_ + row * padded_;
    const auto sum = hn::Set(D(), sums_[row]);
    const auto logarithm = hn::Set(D(), logarithms_[row]);
    const auto mass = hn::Set(D(), cpu::reduce_contiguous<SumRule>(t, classes_));
    for_each_vector([&](std::int64_t c, std::int64_t count) {
      const auto probability = hn::Div(hn::Load(D(), exponentials + c), sum);
      const auto target = load(t + c, count);
      store(probability, p + c, count);
      store(hn::Sub(hn::Mul(probability, mass), target), slope + c, count);
      const auto term = hn::Mul(target, hn::Sub(logarithm, hn::Load(D(), shifted + c)));
      hn::Store(hn::IfThenElse(hn::Eq(target, hn::Zero(D())), hn::Zero(D()), term), D(), shifted + c);
    });
    return cpu::reduce_contiguous<SumRule>(shifted, classes_);
  }

  void run_rows() const {
    for (std::int64_t row = 0; row < rows_; ++row) sums_[row] = exponentiate(row);
    take_logarithms();
    for (std::int64_t row = 0; row < rows_; ++row) loss_[row] = finish(row);
  }
  void take_logarithms() const {
    std::fill(sums_ + rows_, sums_ + padded(rows_), T{1});
    for (std::int64_t row = 0; row < rows_; row += kLanes) {
      hn::Store(math::generic::log<cpu::VectorLane<D>>(hn::Load(D(), sums_ + row)), D(), logarithms_ + row);
    }
  }

  // Short rows are stored in the workspace without gaps, so that exponentials fill their vectors. Each row is stored as
  // a whole block, and the next one overwrites what exceeds it.
  void run_short_rows(const cpu::ShortRow<T>& shape) const {
    using Row = cpu::ShortRow<T>;
    const typename Row::D d;
    typename Row::V values[Row::kVectors];
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::size_t k = 0; k < Row::kVectors; ++k) values[k] = shape.load(x_ + row * classes_, k);
      const auto largest = hn::Set(d, shape.template reduce<MaxRule>(values));
      for (std::size_t k = 0; k < Row::kVectors; ++k) {
        hn::StoreU(hn::Sub(values[k], largest), d, shifted_ + row * classes_ + k * Row::kWidth);
      }
    }
    for (std::int64_t i = 0; i < rows_ * classes_; i += kLanes) {
      hn::Store(math::generic::exp<cpu::VectorLane<D>>(hn::Load(D(), shifted_ + i)), D(), exponentials_ + i);
    }
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::size_t k = 0; k < Row::kVectors; ++k) {
        values[k] = hn::LoadU(d, exponentials_ + row * classes_ + k * Row::kWidth);
      }
      sums_[row] = shape.template reduce<SumRule>(values);
    }
    take_logarithms();
    for (std::int64_t row = 0; row < rows_; ++row) loss_[row] = finish_short(shape, row);
  }
  HWY_INLINE T finish_short(const cpu::ShortRow<T>& shape, std::int64_t row) const {
    using Row = cpu::ShortRow<T>;
    const typename Row::D d;
    const T* shifted = shifted_ + row * classes_;
    const T* exponentials = exponentials_ + row * classes_;
    const auto sum = hn::Set(d, sums_[row]);
    const auto logarithm = hn::Set(d, logarithms_[row]);
    typename Row::V targets[Row::kVectors], terms[Row::kVectors];
    for (std::size_t k = 0; k < Row::kVectors; ++k) targets[k] = shape.load(t_ + row * classes_, k);
    const auto mass = hn::Set(d, shape.template reduce<SumRule>(targets));
    for (std::size_t k = 0; k < Row::kVectors; ++k) {
      const auto probability = hn::Div(hn::LoadU(d, exponentials + k * Row::kWidth), sum);
      shape.store(probability, p_ + row * classes_, k);
      shape.store(hn::Sub(hn::Mul(probability, mass), targets[k]), slope_ + row * classes_, k);
      const auto term = hn::Mul(targets[k], hn::Sub(logarithm, hn::LoadU(d, shifted + k * Row::kWidth)));
      terms[k] = hn::IfThenElse(hn::Eq(targets[k], hn::Zero(d)), hn::Zero(d), term);
    }
    return shape.template reduce<SumRule>(terms);
  }

  std::int64_t rows_;
  std::int64_t classes_;
  std::int64_t padded_;
  const T* x_;       // [rows, classes]
  const T* t_;       // [rows, classes]
  T* loss_;          // [rows]
  T* p_;             // [rows, classes]
  T* slope_;         // [rows, classes]
  T* shifted_;       // [tile rows, padded]
  T* exponentials_;  // [tile rows, padded]
  T* sums_;          // [tile rows]
  T* logarithms_;    // [tile rows]
};

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  for (std::int64_t tile = tiles.begin; tile < tiles.end; ++tile) {
    const std::int64_t first_row = tile * call.parameters[kTileRows];
    if (first_row < call.parameters[kRows]) SoftmaxTile<T>(call, first_row).run();
  }
}

}  // namespace

KernelPlan plan_softmax_cross_entropy(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 1024;  // some microseconds of exponentials
  const TensorType& logits = signature.in[0];
  KernelPlan plan;
  plan.name = "softmax_cross_entropy";
  plan.run = logits.dtype == DType::f64 ? &run<double> : &run<float>;
  plan.parameters[kRows] = logits.shape[0];
  plan.parameters[kClasses] = logits.shape[1];
  plan.parameters[kPadded] = padded(logits.shape[1]);
  plan.parameters[kTileRows] = std::max<std::int64_t>(kElementsPerTile / plan.parameters[kPadded], 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(logits.shape[0], plan.parameters[kTileRows]), 1);
  const std::int64_t elements =
      2 * plan.parameters[kTileRows] * plan.parameters[kPadded] + 2 * padded(plan.parameters[kTileRows]);
  plan.workspace_bytes = static_cast<std::size_t>(elements) * size_in_bytes(logits.dtype);
  const std::int64_t classes = plan.parameters[kClasses];
  plan.reason = classes <= kReductionLanes ? KernelReason{"{} columns: short rows side by side", {classes}}
                                           : KernelReason{"{} columns: one long row after another", {classes}};
  return plan;
}

}  // namespace hillock
