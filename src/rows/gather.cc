// Gathered rows are scattered over memory, so the processor does not prefetch them by itself. They are prefetched here
// unless all of them fit a cache.
#include "rows/gather.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hillock {
namespace {

constexpr std::size_t kCacheBytes = std::size_t{1} << 19;
constexpr std::size_t kPrefetchRows = 8;
constexpr std::size_t kPrefetchBytes = 512;
constexpr std::size_t kLine = 64;

void prefetch_row(const std::byte* row, std::size_t row_bytes) {
  for (std::size_t at = 0; at < std::min(row_bytes, kPrefetchBytes); at += kLine) __builtin_prefetch(row + at);
}

// With a size known to the compiler, copying a row of one number is a load and a store.
template <std::size_t kBytes>
void gather_numbers(const std::byte* data, std::span<const std::int64_t> rows, std::byte* out) {
  for (std::size_t k = 0; k < rows.size(); ++k)
    std::memcpy(out + k * kBytes, data + static_cast<std::size_t>(rows[k]) * kBytes, kBytes);
}

}  // namespace

void gather_rows(const TensorView& from, std::size_t row_bytes, std::span<const std::int64_t> numbers, std::byte* out) {
  const auto* data = static_cast<const std::byte*>(from.raw());
  if (row_bytes == 4) return gather_numbers<4>(data, numbers, out);
  if (row_bytes == 8) return gather_numbers<8>(data, numbers, out);
  const bool prefetch = from.bytes() > kCacheBytes;
  const auto row = [&](std::int64_t number) { return data + static_cast<std::size_t>(number) * row_bytes; };
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (prefetch && k + kPrefetchRows < numbers.size()) prefetch_row(row(numbers[k + kPrefetchRows]), row_bytes);
    std::memcpy(out + k * row_bytes, row(numbers[k]), row_bytes);
  }
}

Tensor take_rows(const TensorView& from, std::span<const std::int64_t> numbers) {
  Tensor rows(type_of_rows(from.type(), std::ssize(numbers)));
  gather_rows(from, bytes_of_row(from.type()), numbers, static_cast<std::byte*>(rows.raw()));
  return rows;
}

std::size_t bytes_of_row(const TensorType& type) {
  return type.shape[0] == 0 ? 0 : type.bytes() / static_cast<std::size_t>(type.shape[0]);
}

TensorType type_of_rows(TensorType type, std::int64_t rows) {
  std::array<std::int64_t, Shape::kMaxRank> dims{};
  std::ranges::copy(type.shape.dims(), dims.begin());
  dims[0] = rows;
  type.shape = Shape(std::span<const std::int64_t>(dims.data(), static_cast<std::size_t>(type.shape.rank())));
  return type;
}

}  // namespace hillock
