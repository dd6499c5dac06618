// Moving numbers between arrays and lanes: element i of lane r stands at lanes[i * replicas + r].
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace hillock {

// Calls `function` with an unsigned integer of `bytes` bytes, 4 or 8: the numbers are only moved.
template <class Function>
void visit_size(std::size_t bytes, Function&& function) {
  if (bytes == 4) return function(std::uint32_t{});
  function(std::uint64_t{});
}

inline void to_lane(const void* from, std::int64_t elements, std::size_t element_bytes, void* lanes,
                    std::int64_t replicas, std::int64_t lane) {
  visit_size(element_bytes, [&]<class T>(T) {
    const T* source = static_cast<const T*>(from);
    T* out = static_cast<T*>(lanes) + lane;
    for (std::int64_t i = 0; i < elements; ++i) out[i * replicas] = source[i];
  });
}

inline void from_lane(const void* lanes, std::int64_t elements, std::size_t element_bytes, void* to,
                      std::int64_t replicas, std::int64_t lane) {
  visit_size(element_bytes, [&]<class T>(T) {
    const T* in = static_cast<const T*>(lanes) + lane;
    T* out = static_cast<T*>(to);
    for (std::int64_t i = 0; i < elements; ++i) out[i] = in[i * replicas];
  });
}

inline void clear_lane(void* lanes, std::int64_t elements, std::size_t element_bytes, std::int64_t replicas,
                       std::int64_t lane) {
  visit_size(element_bytes, [&]<class T>(T) {
    T* out = static_cast<T*>(lanes) + lane;
    for (std::int64_t i = 0; i < elements; ++i) out[i * replicas] = 0;
  });
}

// Where a lane's rows come from: its row k is row number numbers[k] of `data`.
struct LaneRows {
  const void* data = nullptr;
  const std::int64_t* numbers = nullptr;
};

// Gathers `count` rows of `row_elements` for every lane: [count, row_elements, lanes.size()].
void gather_to_lanes(std::span<const LaneRows> lanes, std::int64_t count, std::int64_t row_elements,
                     std::size_t element_bytes, void* out);

}  // namespace hillock
