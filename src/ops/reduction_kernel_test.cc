// Compares the kernels of sum, mean and max with the definition bit for bit: rows and columns of every length around a
// block's 16 lanes, some of them NaN and infinite, in operands that are guarded and not aligned.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "hillock/ops.h"
#include "tests/guarded_run.h"
#include "tests/proof_case.h"
#include "tests/random_graph.h"

namespace hillock {
namespace {

void expect_the_definition(const Shape& shape, int axis, DType dtype) {
  AppliedOp applied;
  const Value x = applied.graph.input("x", {dtype, shape, {}});
  applied.in = {x};
  applied.out = {ops::sum(applied.graph, x, {axis}), ops::mean(applied.graph, x, {axis}),
                 ops::max(applied.graph, x, {axis})};
  applied.bound = random_inputs(applied.graph, static_cast<std::uint64_t>(shape[0] * 100 + shape[1]));
  Tensor& values = applied.bound.at("x");
  if (values.elements() > 40) {
    values.set(7, std::numeric_limits<double>::quiet_NaN());
    values.set(38, -std::numeric_limits<double>::infinity());
  }
  const std::vector<Tensor> expected = run_reference(applied, applied.out);
  for (const bool aligned : {true, false}) {
    const GuardedOptions options{.order = TileOrder::one_by_one_reversed, .aligned = aligned};
    EXPECT_EQ(difference_of_bits(run_guarded(applied, applied.out, options), expected), "");
  }
}

TEST(ReductionKernels, EqualTheDefinitionForEveryLength) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (std::int64_t length = 1; length <= 35; ++length) {
      for (std::int64_t others : {1, 2, 5, 8, 33, 70}) {
        SCOPED_TRACE(testing::Message() << name_of(dtype) << ", " << others << " of " << length);
        expect_the_definition({others, length}, 1, dtype);
        expect_the_definition({length, others}, 0, dtype);
      }
    }
  }
}

// Enough rows for several tiles.
TEST(ReductionKernels, EqualTheDefinitionForManyShortRows) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (std::int64_t length : {1, 3, 10, 16}) expect_the_definition({40'001, length}, 1, dtype);
  }
}

}  // namespace
}  // namespace hillock
