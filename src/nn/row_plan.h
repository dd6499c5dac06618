// A plan from rows to what is made of each, and its session: the rows of a tensor go through it block by block.
#pragma once

#include <cstdint>
#include <span>

#include "hillock/graph.h"
#include "hillock/plan.h"
#include "hillock/session.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

// How many rows go through a network at once where the caller does not say.
inline constexpr std::int64_t kRowsOfABlock = 256;

// What comes out of a row must not depend on the others. Belongs to one thread at a time; run() allocates nothing.
class RowPlan {
 public:
  // `in` is the only input of `graph`, [batch, …], and `out` [batch, …]. The stores, which hold the states, must
  // outlive it.
  RowPlan(const Graph& graph, Value in, Value out, std::span<const Store* const> stores,
          const SessionOptions& options = {});
  RowPlan(const RowPlan&) = delete;
  RowPlan& operator=(const RowPlan&) = delete;

  std::int64_t batch() const { return batch_; }
  // What is made of the first `count` rows at `rows`, 0 to batch(); valid until the next run.
  const void* run(const void* rows, std::int64_t count);
  // The same for every row of a tensor, [count, …], into `out`, [count, …], of the types of `in` and `out`.
  void run_all(const Tensor& rows, Tensor& out);

 private:
  std::int64_t batch_;
  std::size_t row_bytes_, out_bytes_;
  Plan plan_;
  Session session_;
  Tensor padded_;  // the last rows followed by older ones or zeros, for a block that is not full
};

}  // namespace hillock
