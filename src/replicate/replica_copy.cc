// Gathers a row of all replicas at a time, so that the destination stays in the first-level cache. Eight replicas by
// eight elements are transposed in registers.
#include "replicate/replica_copy.h"

#include <hwy/highway.h>

#include <array>

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t kSide = 8;

template <class T>
const T* row_of(const ReplicaRows& rows, std::int64_t k, std::int64_t row_elements) {
  return static_cast<const T*>(rows.data) + rows.numbers[k] * row_elements;
}

// out[e * replicas + l] = from[l][e] for l and e in [0, 8), where vectors have eight lanes of 32 bits.
[[maybe_unused]] HWY_INLINE void transpose_square(const std::array<const std::uint32_t*, kSide>& from,
                                                  std::int64_t first, std::uint32_t* out, std::int64_t replicas) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RepartitionToWide<decltype(d)> pairs;
  using V = hn::Vec<decltype(d)>;
  std::array<V, kSide> rows, two, four;
  for (std::size_t l = 0; l < kSide; ++l) rows[l] = hn::LoadU(d, from[l] + first);
  for (std::size_t l = 0; l < kSide; l += 2) {  // pairs of replicas, elements 0 1 4 5 and 2 3 6 7
    two[l] = hn::InterleaveLower(d, rows[l], rows[l + 1]);
    two[l + 1] = hn::InterleaveUpper(d, rows[l], rows[l + 1]);
  }
  const auto lower = [&](V x, V y) {
    return hn::BitCast(d, hn::InterleaveLower(pairs, hn::BitCast(pairs, x), hn::BitCast(pairs, y)));
  };
  const auto upper = [&](V x, V y) {
    return hn::BitCast(d, hn::InterleaveUpper(pairs, hn::BitCast(pairs, x), hn::BitCast(pairs, y)));
  };
  for (std::size_t l = 0; l < kSide; l += 4) {  // four replicas of one element, and of the fourth element after it
    four[l] = lower(two[l], two[l + 2]);
    four[l + 1] = upper(two[l], two[l + 2]);
    four[l + 2] = lower(two[l + 1], two[l + 3]);
    four[l + 3] = upper(two[l + 1], two[l + 3]);
  }
  for (std::size_t e = 0; e < kSide / 2; ++e) {
    std::uint32_t* low = out + static_cast<std::int64_t>(e) * replicas;
    hn::StoreU(hn::ConcatLowerLower(d, four[e + 4], four[e]), d, low);
    hn::StoreU(hn::ConcatUpperUpper(d, four[e + 4], four[e]), d, low + 4 * replicas);
  }
}

template <class T>
void gather(std::span<const ReplicaRows> rows, std::int64_t count, std::int64_t row_elements, T* out) {
  const std::int64_t replicas = std::ssize(rows);
  constexpr bool kTransposes = sizeof(T) == 4 && hn::MaxLanes(hn::ScalableTag<std::uint32_t>()) == kSide;
  for (std::int64_t k = 0; k < count; ++k, out += row_elements * replicas) {
    std::int64_t replica = 0;
    for (; kTransposes && replica + kSide <= replicas; replica += kSide) {
      std::array<const T*, kSide> from;
      for (std::size_t l = 0; l < kSide; ++l)
        from[l] = row_of<T>(rows[static_cast<std::size_t>(replica) + l], k, row_elements);
      std::int64_t e = 0;
      if constexpr (kTransposes) {
        for (; e + kSide <= row_elements; e += kSide) transpose_square(from, e, out + e * replicas + replica, replicas);
      }
      for (; e < row_elements; ++e) {
        for (std::size_t l = 0; l < kSide; ++l) out[e * replicas + replica + static_cast<std::int64_t>(l)] = from[l][e];
      }
    }
    for (; replica < replicas; ++replica) {
      const T* from = row_of<T>(rows[static_cast<std::size_t>(replica)], k, row_elements);
      for (std::int64_t e = 0; e < row_elements; ++e) out[e * replicas + replica] = from[e];
    }
  }
}

}  // namespace

void gather_for_replicas(std::span<const ReplicaRows> rows, std::int64_t count, std::int64_t row_elements,
                         std::size_t element_bytes, void* out) {
  visit_size(element_bytes, [&]<class T>(T) { gather(rows, count, row_elements, static_cast<T*>(out)); });
}

}  // namespace hillock
