// gather on the CPU: copies row by row, for any dtype.
#include <cstring>

#include "ops/gather/gather.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

enum : std::size_t { kRows, kRowBytes, kRowsPerTile };

// `kBytes` is the size of a small row, so that a copy is one instruction; 0 for other rows.
template <class Index, std::size_t kBytes>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const std::byte* table = static_cast<const std::byte*>(call.in[0]);
  const Index* indices = static_cast<const Index*>(call.in[1]);
  std::byte* out = static_cast<std::byte*>(call.out[0]);
  const std::int64_t bytes = kBytes == 0 ? p[kRowBytes] : static_cast<std::int64_t>(kBytes);
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  for (std::int64_t row = tiles.begin * p[kRowsPerTile]; row < end; ++row)
    std::memcpy(out + row * bytes, table + indices[row] * bytes, static_cast<std::size_t>(bytes));
}

template <class Index>
KernelFunction function_for(std::int64_t row_bytes) {
  return row_bytes == 4 ? &run<Index, 4> : row_bytes == 8 ? &run<Index, 8> : &run<Index, 0>;
}

}  // namespace

KernelPlan plan_gather(const OpSignature& signature) {
  constexpr std::int64_t kBytesPerTile = 64 * 1024;
  const TensorType& table = signature.in[0];
  KernelPlan plan;
  plan.name = "gather";
  const std::int64_t row_bytes =
      extent_of(table.shape, 1, table.shape.rank()) * static_cast<std::int64_t>(size_in_bytes(table.dtype));
  plan.run = signature.in[1].dtype == DType::i64 ? function_for<std::int64_t>(row_bytes)
                                                 : function_for<std::int32_t>(row_bytes);
  plan.parameters[kRowBytes] = row_bytes;
  plan.parameters[kRows] = row_bytes == 0 ? 0 : signature.in[1].elements();
  plan.parameters[kRowsPerTile] = std::max<std::int64_t>(kBytesPerTile / std::max<std::int64_t>(row_bytes, 1), 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kRows], plan.parameters[kRowsPerTile]), 1);
  plan.reason = {"rows of {} bytes: a copy each", {row_bytes}};
  return plan;
}

}  // namespace hillock
