// pad on the CPU: writes the result row by row, along its last axis. Works on any dtype, by the size of an element.
#include <cstring>

#include "ops/pad/pad.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

constexpr int kRank = Shape::kMaxRank;  // missing leading axes have extent 1

// The 24 parameters: extents of the result, zeros before, extents of the operand.
struct Box {
  const std::int64_t* out;
  const std::int64_t* before;
  const std::int64_t* in;

  explicit Box(const std::int64_t* parameters) : out(parameters), before(out + kRank), in(before + kRank) {}
};

std::int64_t rows_per_tile(std::int64_t row_elements) {
  constexpr std::int64_t kElementsPerTile = 16384;
  return std::max<std::int64_t>(kElementsPerTile / std::max<std::int64_t>(row_elements, 1), 1);
}

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const Box box(call.parameters);
  const T* in = static_cast<const T*>(call.in[0]);
  const std::int64_t width = box.out[kRank - 1];
  const std::int64_t before = box.before[kRank - 1];
  const std::int64_t copied = box.in[kRank - 1];
  std::int64_t rows = 1;
  for (int axis = 0; axis < kRank - 1; ++axis) rows *= box.out[axis];
  const std::int64_t end = std::min(tiles.end * rows_per_tile(width), rows);
  for (std::int64_t row = tiles.begin * rows_per_tile(width); row < end; ++row) {
    T* out = static_cast<T*>(call.out[0]) + row * width;
    std::int64_t rest = row;
    std::int64_t in_row = 0;
    std::int64_t in_stride = 1;
    bool is_inside = true;
    for (int axis = kRank - 2; axis >= 0; --axis) {
      const std::int64_t place = rest % box.out[axis] - box.before[axis];
      rest /= box.out[axis];
      is_inside = is_inside && place >= 0 && place < box.in[axis];
      in_row += place * in_stride;
      in_stride *= box.in[axis];
    }
    if (!is_inside || copied == 0) {
      std::fill(out, out + width, T{0});
      continue;
    }
    std::fill(out, out + before, T{0});
    std::memcpy(out + before, in + in_row * copied, static_cast<std::size_t>(copied) * sizeof(T));
    std::fill(out + before + copied, out + width, T{0});
  }
}

}  // namespace

KernelPlan plan_pad(const OpSignature& signature) {
  const Shape& in = signature.in[0].shape;
  const std::vector<std::int64_t>& before = signature.attributes.integers("before");
  const std::vector<std::int64_t>& after = signature.attributes.integers("after");
  KernelPlan plan;
  plan.name = "pad";
  plan.run = size_in_bytes(signature.in[0].dtype) == 8 ? &run<std::uint64_t> : &run<std::uint32_t>;
  std::int64_t rows = 1;
  for (int axis = 0; axis < kRank; ++axis) {
    const int from = axis - (kRank - in.rank());
    const std::size_t k = static_cast<std::size_t>(axis);
    const std::size_t source = static_cast<std::size_t>(std::max(from, 0));
    const std::int64_t extent = from < 0 ? 1 : in[from];
    const std::int64_t zeros = from < 0 ? 0 : before[source];
    plan.parameters[k] = from < 0 ? 1 : extent + zeros + after[source];
    plan.parameters[k + kRank] = zeros;
    plan.parameters[k + 2 * kRank] = extent;
    if (axis < kRank - 1) rows *= plan.parameters[k];
  }
  plan.tiles = std::max<std::int64_t>(ceil_div(rows, rows_per_tile(plan.parameters[kRank - 1])), 1);
  plan.reason = {"{} columns: row by row", {plan.parameters[kRank - 1]}};
  return plan;
}

}  // namespace hillock
