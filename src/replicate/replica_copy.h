// Copies numbers between arrays and stacked replicas: element i of replica r is stacked[i * replicas + r].
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

inline void copy_to_replica(const void* from, std::int64_t elements, std::size_t element_bytes, void* stacked,
                            std::int64_t replicas, std::int64_t replica) {
  visit_size(element_bytes, [&]<class T>(T) {
    const T* source = static_cast<const T*>(from);
    T* out = static_cast<T*>(stacked) + replica;
    for (std::int64_t i = 0; i < elements; ++i) out[i * replicas] = source[i];
  });
}

inline void copy_from_replica(const void* stacked, std::int64_t elements, std::size_t element_bytes, void* to,
                              std::int64_t replicas, std::int64_t replica) {
  visit_size(element_bytes, [&]<class T>(T) {
    const T* in = static_cast<const T*>(stacked) + replica;
    T* out = static_cast<T*>(to);
    for (std::int64_t i = 0; i < elements; ++i) out[i] = in[i * replicas];
  });
}

inline void clear_replica(void* stacked, std::int64_t elements, std::size_t element_bytes, std::int64_t replicas,
                          std::int64_t replica) {
  visit_size(element_bytes, [&]<class T>(T) {
    T* out = static_cast<T*>(stacked) + replica;
    for (std::int64_t i = 0; i < elements; ++i) out[i * replicas] = 0;
  });
}

// The source of a replica's rows: its row k is row number numbers[k] of `data`.
struct ReplicaRows {
  const void* data = nullptr;
  const std::int64_t* numbers = nullptr;
};

// Gathers `count` rows of `row_elements` for every replica: [count, row_elements, rows.size()].
void gather_for_replicas(std::span<const ReplicaRows> rows, std::int64_t count, std::int64_t row_elements,
                         std::size_t element_bytes, void* out);

}  // namespace hillock
