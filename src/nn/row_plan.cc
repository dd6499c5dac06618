// Passes rows through a plan, block by block.
#include "nn/row_plan.h"

#include <algorithm>
#include <cstring>

namespace hillock {

RowPlan::RowPlan(const Graph& graph, Value in, Value out, std::span<const Store* const> stores,
                 const SessionOptions& options)
    : batch_(graph.type(in).shape[0]),
      row_bytes_(graph.type(in).bytes() / static_cast<std::size_t>(batch_)),
      out_bytes_(graph.type(out).bytes() / static_cast<std::size_t>(batch_)),
      plan_(graph, PlanOptions{.outputs = {out}, .constant_states = true}),
      session_(plan_, stores, options),
      padded_(graph.type(in)) {}

const void* RowPlan::run(const void* rows, std::int64_t count) {
  if (count < batch_) {
    // The rest of the block may hold anything, because a row's bits do not depend on its neighbours.
    if (count > 0) std::memcpy(padded_.raw(), rows, static_cast<std::size_t>(count) * row_bytes_);
    rows = padded_.raw();
  }
  session_.bind(0, rows);
  session_.run();
  return session_.output(0);
}

void RowPlan::run_all(const Tensor& rows, Tensor& out) {
  const auto* from = static_cast<const std::byte*>(rows.raw());
  auto* to = static_cast<std::byte*>(out.raw());
  for (std::int64_t first = 0; first < rows.shape()[0]; first += batch_) {
    const std::int64_t count = std::min(batch_, rows.shape()[0] - first);
    std::memcpy(to, run(from, count), static_cast<std::size_t>(count) * out_bytes_);
    from += static_cast<std::size_t>(count) * row_bytes_;
    to += static_cast<std::size_t>(count) * out_bytes_;
  }
}

}  // namespace hillock
