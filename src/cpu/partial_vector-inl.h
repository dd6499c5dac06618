// Loads and stores the first lanes of a vector where memory may end after them. For kernels only: includes Highway, and
// is itself included once for each target by files that include hwy/foreach_target.h.
#if defined(HILLOCK_CPU_PARTIAL_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HILLOCK_CPU_PARTIAL_VECTOR_INL_H_
#undef HILLOCK_CPU_PARTIAL_VECTOR_INL_H_
#else
#define HILLOCK_CPU_PARTIAL_VECTOR_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace hillock::cpu {
inline namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Loads the lanes of `mask` = FirstN(d, count); the others are zero.
template <class D, class T>
HWY_INLINE hn::Vec<D> load_masked(hn::Mask<D> mask, D d, const T* from, [[maybe_unused]] std::size_t count) {
#if HWY_ARCH_X86
  return hn::MaskedLoad(mask, d, from);
#else  // on other targets a masked load may touch memory past the end
  alignas(64) T buffer[hn::MaxLanes(D())];
  std::fill(std::copy_n(from, count, buffer), buffer + hn::MaxLanes(d), T{0});
  return hn::IfThenElseZero(mask, hn::Load(d, buffer));
#endif
}

// Loads the first `count` lanes; the others are those of `rest`.
template <class D, class T>
HWY_INLINE hn::Vec<D> load_first(D d, const T* from, std::size_t count, T rest) {
  const auto mask = hn::FirstN(d, count);
  return hn::IfThenElse(mask, load_masked(mask, d, from, count), hn::Set(d, rest));
}

// Stores the first `count` lanes in halves of halves: masked stores take many times as long on some processors.
template <class D, class T>
HWY_INLINE void store_first(D d, hn::Vec<D> vector, T* to, std::size_t count) {
  if constexpr (hn::MaxLanes(D()) == 1) {
    if (count > 0) *to = hn::GetLane(vector);
  } else {
    constexpr std::size_t kLanes = hn::MaxLanes(D());
    const hn::Half<D> half;
    if (count >= kLanes) return hn::StoreU(vector, d, to);
    if (count < kLanes / 2) return store_first(half, hn::LowerHalf(half, vector), to, count);
    hn::StoreU(hn::LowerHalf(half, vector), half, to);
    store_first(half, hn::UpperHalf(half, vector), to + kLanes / 2, count - kLanes / 2);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hillock::cpu
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
