#include "train/lane_copy.h"

namespace hillock {

void gather_to_lane(const void* from, std::span<const std::int64_t> rows, std::int64_t row_elements,
                    std::size_t element_bytes, void* lanes, std::int64_t replicas, std::int64_t lane) {
  visit_size(element_bytes, [&]<class T>(T) {
    T* out = static_cast<T*>(lanes) + lane;
    for (const std::int64_t row : rows) {
      const T* source = static_cast<const T*>(from) + row * row_elements;
      for (std::int64_t i = 0; i < row_elements; ++i) out[i * replicas] = source[i];
      out += row_elements * replicas;
    }
  });
}

}  // namespace hillock
