// A plan that maps rows to results, and its session. The rows of a tensor pass through it block by block.
#pragma once

#include <cstdint>
#include <span>

#include "hillock/graph.h"
#include "hillock/plan.h"
#include "hillock/session.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

// The number of rows that pass through a network at once if the caller does not specify one.
inline constexpr std::int64_t kRowsOfABlock = 256;

// The result of a row must not depend on other rows. Used by one thread at a time; run() allocates nothing.
class RowPlan {
 public:
  // `in` [batch, …] is the only input of `graph`, and `out` is [batch, …]. The stores hold the states, must outlive
  // this object and must not change meanwhile.
  RowPlan(const Graph& graph, Value in, Value out, std::span<const Store* const> stores,
          const SessionOptions& options = {});
  RowPlan(const RowPlan&) = delete;
  RowPlan& operator=(const RowPlan&) = delete;

  std::int64_t batch() const { return batch_; }
  // The results of the first `count` rows at `rows`, 0 to batch(); valid until the next run.
  const void* run(const void* rows, std::int64_t count);
  // Computes the results of all rows of a tensor, [count, …], into `out`, [count, …], with the types of `in` and `out`.
  void run_all(const Tensor& rows, Tensor& out);

 private:
  std::int64_t batch_;
  std::size_t row_bytes_, out_bytes_;
  Plan plan_;
  Session session_;
  Tensor padded_;  // for a block that is not full: the last rows, followed by older ones or zeros
};

}  // namespace hillock
