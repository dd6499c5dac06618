// The reverse walk itself. The gradient rules of the ops are tested in src/ops.
#include <gtest/gtest.h>

#include <array>

#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/ops.h"
#include "ir/verify.h"

namespace hillock {
namespace {

const TensorType kScalar{DType::f64, {}, {}};
const TensorType kVector{DType::f64, {3}, {}};

// d(of)/d(x) at x.
Tensor slope_at(Graph& graph, Value of, Value x, const Tensor& at) {
  const Value slope = gradients(graph, of, std::array{x}).front();
  verify(graph);
  return run_naive(graph, {{"x", at}}, Store()).at(slope);
}

TEST(Gradients, AddUpOverEveryUseOfAValue) {
  Graph graph;
  const Value x = graph.input("x", kScalar);
  const Value square = ops::multiply(graph, x, x);
  const Value of = ops::add(graph, ops::multiply(graph, square, square), ops::add(graph, square, x));  // x^4 + x^2 + x
  EXPECT_DOUBLE_EQ(slope_at(graph, of, x, Tensor::from<double>({}, {3.0})).at(0), 4 * 27 + 2 * 3 + 1);
}

TEST(Gradients, OfAValueByItselfAreOne) {
  Graph graph;
  const Value x = graph.input("x", kScalar);
  EXPECT_EQ(slope_at(graph, x, x, Tensor::from<double>({}, {3.0})).at(0), 1);
}

TEST(Gradients, AreZeroForAVariableThatIsNotUsed) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value y = graph.input("y", kScalar);
  const Value later = ops::exp(graph, x);  // comes after y, which cannot depend on it
  const std::vector<Value> slopes = gradients(graph, y, std::array{x, later});
  const NaiveRun run =
      run_naive(graph, {{"x", Tensor::from<double>({3}, {1, 2, 3})}, {"y", Tensor::from<double>({}, {1.0})}}, Store());
  for (Value slope : slopes) {
    EXPECT_EQ(graph.type(slope), kVector);
    for (double element : run.at(slope).values<double>()) EXPECT_EQ(element, 0);
  }
}

TEST(Gradients, ByAnIntermediateValueStopThere) {
  Graph graph;
  const Value x = graph.input("x", kScalar);
  const Value y = ops::multiply(graph, x, x);
  const Value of = ops::multiply(graph, y, y);
  const std::vector<Value> slopes = gradients(graph, of, std::array{y, x});
  const NaiveRun run = run_naive(graph, {{"x", Tensor::from<double>({}, {3.0})}}, Store());
  EXPECT_DOUBLE_EQ(run.at(slopes[0]).at(0), 2 * 9);
  EXPECT_DOUBLE_EQ(run.at(slopes[1]).at(0), 4 * 27);
}

TEST(Gradients, DoNotPassThroughWhatHasNone) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value of =
      ops::sum(graph, ops::multiply(graph, ops::less(graph, x, ops::constant(graph, DType::f64, {3}, 2)), x));
  const Tensor slope = slope_at(graph, of, x, Tensor::from<double>({3}, {1, 3, -1}));
  EXPECT_EQ(slope.at(0), 1);  // a comparison has no gradient
  EXPECT_EQ(slope.at(1), 0);
  EXPECT_EQ(slope.at(2), 1);
}

TEST(Gradients, MayBeDifferentiatedAgain) {
  Graph graph;
  const Value x = graph.input("x", kScalar);
  Value of = ops::multiply(graph, x, ops::multiply(graph, x, ops::multiply(graph, x, x)));  // x^4
  for (double expected : {4 * 8.0, 12 * 4.0, 24 * 2.0, 24.0, 0.0}) {
    of = gradients(graph, of, std::array{x}).front();
    EXPECT_DOUBLE_EQ(run_naive(graph, {{"x", Tensor::from<double>({}, {2.0})}}, Store()).at(of).at(0), expected);
  }
}

TEST(Gradients, AreRefusedForWhatIsNoFloatScalar) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value n = graph.input("n", {DType::i32, {}, IntegerRange{0, 9}});
  const Value of = ops::sum(graph, x);
  EXPECT_THROW(gradients(graph, x, std::array{x}), Error);
  EXPECT_THROW(gradients(graph, n, std::array{x}), Error);
  EXPECT_THROW(gradients(graph, of, std::array{n}), Error);
  EXPECT_THROW(gradients(graph, Value{}, std::array{x}), Error);
  EXPECT_THROW(gradients(graph, of, std::array{Value{}}), Error);
}

}  // namespace
}  // namespace hillock
