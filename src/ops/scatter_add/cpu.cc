// scatter_add on the CPU. A tile is a block of columns of the whole table, so that no two tiles add to the same element
// and each element gets its updates in order.
#include "ops/scatter_add/scatter_add.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

constexpr std::int64_t kTileColumns = 64;

enum : std::size_t { kUpdates, kRows, kColumns };

template <class Index, class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const Index* indices = static_cast<const Index*>(call.in[0]);  // [N]
  const T* updates = static_cast<const T*>(call.in[1]);          // [N, columns]
  T* out = static_cast<T*>(call.out[0]);                         // [rows, columns]
  const std::int64_t begin = tiles.begin * kTileColumns;
  const std::int64_t end = std::min(tiles.end * kTileColumns, p[kColumns]);
  if (begin >= end) return;
  for (std::int64_t row = 0; row < p[kRows]; ++row) {
    std::fill(out + row * p[kColumns] + begin, out + row * p[kColumns] + end, T{0});
  }
  for (std::int64_t n = 0; n < p[kUpdates]; ++n) {
    const T* update = updates + n * p[kColumns];
    T* row = out + indices[n] * p[kColumns];
    for (std::int64_t column = begin; column < end; ++column) row[column] += update[column];
  }
}

}  // namespace

KernelPlan plan_scatter_add(const OpSignature& signature) {
  const TensorType& updates = signature.in[1];
  KernelPlan plan;
  plan.name = "scatter_add";
  plan.run = visit_index(signature.in[0].dtype, [&]<class Index>(Index) {
    return updates.dtype == DType::f64 ? &run<Index, double> : &run<Index, float>;
  });
  plan.parameters[kUpdates] = updates.shape[0];
  plan.parameters[kRows] = signature.attributes.integer("rows");
  plan.parameters[kColumns] = extent_of(updates.shape, 1, updates.shape.rank());
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kColumns], kTileColumns), 1);
  plan.reason = {"{} columns: {} at a time, each with all updates in their order",
                 {plan.parameters[kColumns], std::min(plan.parameters[kColumns], kTileColumns)}};
  return plan;
}

}  // namespace hillock
