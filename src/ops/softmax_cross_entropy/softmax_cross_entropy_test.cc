// Compares the kernel of softmax_cross_entropy with the definition bit for bit, for every number of classes around a
// reduction's block of 16, which decides how rows are stored, and every remainder of a vector of rows. Infinite logits
// and NaN must affect only their own row.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "hillock/ops.h"
#include "tests/guarded_run.h"
#include "tests/proof_case.h"
#include "tests/random_graph.h"

namespace hillock {
namespace {

AppliedOp make_rows(std::int64_t rows, std::int64_t classes, DType dtype) {
  AppliedOp applied;
  const Value logits = applied.graph.input("logits", {dtype, {rows, classes}, {}});
  const Value targets = applied.graph.input("targets", {dtype, {rows, classes}, {}});
  const ops::SoftmaxCrossEntropy result = ops::softmax_cross_entropy(applied.graph, logits, targets);
  applied.in = {logits, targets};
  applied.out = {result.loss, result.probabilities, result.slope};
  applied.bound = random_inputs(applied.graph, static_cast<std::uint64_t>(rows * 100 + classes));
  return applied;
}

void expect_the_definition(const AppliedOp& applied) {
  const std::vector<Tensor> expected = run_reference(applied, applied.out);
  for (const bool aligned : {true, false}) {
    const GuardedOptions options{.order = TileOrder::one_by_one_reversed, .aligned = aligned};
    EXPECT_EQ(difference_of_bits(run_guarded(applied, applied.out, options), expected), "");
  }
}

TEST(SoftmaxCrossEntropyKernel, EqualsTheDefinitionForEveryNumberOfClasses) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (std::int64_t classes = 1; classes <= 35; ++classes) {
      for (std::int64_t rows : {1, 2, 3, 4, 7, 8, 9, 16, 31, 64, 65, 67, 200}) {
        SCOPED_TRACE(testing::Message() << name_of(dtype) << ", " << rows << " rows of " << classes);
        expect_the_definition(make_rows(rows, classes, dtype));
      }
    }
  }
}

TEST(SoftmaxCrossEntropyKernel, KeepsSpecialNumbersInTheirRow) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (DType dtype : {DType::f32, DType::f64}) {
    for (std::int64_t classes : {3, 10, 16, 17}) {
      AppliedOp applied = make_rows(9, classes, dtype);
      Tensor& logits = applied.bound.at("logits");
      logits.set(1 * classes + 2, -kInfinity);
      logits.set(3 * classes + 1, kInfinity);
      logits.set(5 * classes, std::numeric_limits<double>::quiet_NaN());
      for (std::int64_t c = 0; c < classes; ++c) logits.set(7 * classes + c, -kInfinity);
      applied.bound.at("targets").set(1 * classes + 2, 0);
      SCOPED_TRACE(testing::Message() << name_of(dtype) << ", " << classes << " classes");
      expect_the_definition(applied);
      const Tensor loss = run_planned(applied, applied.out)[0];
      for (std::int64_t row = 0; row < 9; ++row) {
        EXPECT_EQ(std::isfinite(loss.at(row)), row != 3 && row != 5 && row != 7) << row;
      }
    }
  }
}

}  // namespace
}  // namespace hillock
