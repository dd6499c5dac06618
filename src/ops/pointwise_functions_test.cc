// Broadcasting and errors of the pointwise functions, and their gradients where finite differences are meaningless: at
// kinks, ties and zeros.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/op.h"
#include "hillock/ops.h"
#include "hillock/state.h"

namespace hillock {
namespace {

using Function = std::function<Value(Graph&, const std::vector<Value>&)>;

// d(sum of function)/d(each operand) at one point; every operand is f64[1].
std::vector<double> gradients_at(const std::vector<double>& point, const Function& function) {
  Graph graph;
  std::vector<Value> in;
  std::map<std::string, Tensor> bound;
  for (std::size_t k = 0; k < point.size(); ++k) {
    const std::string name = "in" + std::to_string(k);
    in.push_back(graph.input(name, {DType::f64, {1}, {}}));
    bound.emplace(name, Tensor::from<double>({1}, {point[k]}));
  }
  const std::vector<Value> din = gradients(graph, ops::sum(graph, function(graph, in)), in);
  const NaiveRun run = run_naive(graph, bound, Store());
  std::vector<double> values;
  for (const Value value : din) values.push_back(value ? run.at(value).at(0) : 0);
  return values;
}

double slope_at(double x, Value (*function)(Graph&, Value)) {
  return gradients_at({x}, [&](Graph& graph, const std::vector<Value>& in) { return function(graph, in[0]); })[0];
}

std::vector<double> slopes_at(double x, double y, Value (*function)(Graph&, Value, Value)) {
  return gradients_at({x, y},
                      [&](Graph& graph, const std::vector<Value>& in) { return function(graph, in[0], in[1]); });
}

TEST(PointwiseGradientTest, Kinks) {
  EXPECT_EQ(slope_at(0, ops::relu), 0);
  EXPECT_EQ(slope_at(0, ops::abs), 0);
  EXPECT_EQ(slope_at(-3, ops::abs), -1);
  const auto leaky = [](double slope) {
    return [slope](Graph& graph, const std::vector<Value>& in) { return ops::leaky_relu(graph, in[0], slope); };
  };
  EXPECT_EQ(gradients_at({0}, leaky(0.25))[0], 0.25);
  EXPECT_EQ(gradients_at({-2}, leaky(-0.5))[0], -0.5);
  EXPECT_EQ(gradients_at({-2}, leaky(0))[0], 0);
  const auto elu = [](Graph& graph, const std::vector<Value>& in) { return ops::elu(graph, in[0], 0.5); };
  EXPECT_EQ(gradients_at({0}, elu)[0], 0.5);
  EXPECT_EQ(gradients_at({1000}, elu)[0], 1);
}

TEST(PointwiseGradientTest, TiesAreShared) {
  const std::vector<double> halves = {0.5, 0.5};
  EXPECT_EQ(slopes_at(2, 2, ops::maximum), halves);
  EXPECT_EQ(slopes_at(2, 2, ops::minimum), halves);
  EXPECT_EQ(slopes_at(3, 2, ops::maximum), (std::vector<double>{1, 0}));
  EXPECT_EQ(slopes_at(3, 2, ops::minimum), (std::vector<double>{0, 1}));
}

TEST(PointwiseGradientTest, PowerAtZero) {
  EXPECT_EQ(slopes_at(0, 2, ops::power), (std::vector<double>{0, 0}));
  EXPECT_EQ(slopes_at(0, 1, ops::power), (std::vector<double>{1, 0}));
  EXPECT_EQ(slopes_at(0, 0, ops::power), (std::vector<double>{0, 0}));
  EXPECT_EQ(slopes_at(0, -1, ops::power)[1], 0);
  const std::vector<double> slopes = slopes_at(-2, 3, ops::power);
  EXPECT_EQ(slopes[0], 12);
  EXPECT_TRUE(std::isnan(slopes[1]));
}

// The second derivative of x^2 and of x^0 at 0.
TEST(PointwiseGradientTest, PowerAtZeroTwice) {
  for (const double exponent : {2.0, 0.0}) {
    const auto slope = [&](Graph& graph, const std::vector<Value>& in) {
      const Value y = ops::constant(graph, DType::f64, {1}, exponent);
      return gradients(graph, ops::sum(graph, ops::power(graph, in[0], y)), in)[0];
    };
    EXPECT_EQ(gradients_at({0}, slope)[0], exponent);
  }
}

TEST(PointwiseGradientTest, SaturatedFunctionsAreFlat) {
  for (const double x : {-1000.0, 1000.0}) {
    EXPECT_EQ(slope_at(x, ops::tanh), 0);
    EXPECT_EQ(slope_at(x, ops::sigmoid), 0);
    EXPECT_EQ(slope_at(x, ops::softplus), x > 0 ? 1 : 0);
  }
}

TEST(PointwiseFunctionsTest, ShapesAreBroadcastAtTheirLastAxes) {
  Graph graph;
  const auto input = [&](const char* name, const Shape& shape) { return graph.input(name, {DType::f32, shape, {}}); };
  const Value matrix = input("matrix", {2, 3});
  const Value row = input("row", {3});
  const Value column = input("column", {2, 1});
  const Value scalar = input("scalar", {});
  EXPECT_EQ(graph.type(ops::add(graph, matrix, row)).shape, Shape({2, 3}));
  EXPECT_EQ(graph.type(ops::multiply(graph, row, column)).shape, Shape({2, 3}));
  EXPECT_EQ(graph.type(ops::select(graph, column, scalar, row)).shape, Shape({2, 3}));
  EXPECT_EQ(graph.type(ops::power(graph, scalar, scalar)).shape, Shape({}));
  EXPECT_EQ(graph.type(ops::less(graph, scalar, matrix)).shape, Shape({2, 3}));

  const NodeId before = graph.size();
  ops::subtract(graph, matrix, matrix);
  EXPECT_EQ(graph.size(), before + 1) << "equal shapes need no broadcast";
}

TEST(PointwiseFunctionsTest, AnEmptyAxisGivesAnEmptyResult) {
  Graph graph;
  const Value empty = graph.input("empty", {DType::f32, {0, 3}, {}});
  EXPECT_EQ(graph.type(ops::add(graph, empty, 1.0)).shape, Shape({0, 3}));
  const Value one = graph.input("one", {DType::f32, {1, 3}, {}});
  EXPECT_EQ(graph.type(ops::add(graph, empty, one)).shape, Shape({0, 3}));
}

void expect_error(const std::function<void()>& call, const std::string& part) {
  try {
    call();
    FAIL() << "no error; expected one with: " << part;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(PointwiseFunctionsTest, ErrorsNameTheOperands) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {2, 3}, {}});
  const Value wide = graph.input("wide", {DType::f32, {4}, {}});
  const Value exact = graph.input("exact", {DType::f64, {2, 3}, {}});
  const Value label = graph.input("label", {DType::i32, {2, 3}, IntegerRange{0, 5}});
  expect_error([&] { ops::add(graph, x, wide); }, "add: shapes [2, 3] and [4] do not fit: axis -1");
  expect_error([&] { ops::multiply(graph, x, exact); }, "multiply: the operands are f32[2, 3] and f64[2, 3]");
  expect_error([&] { ops::relu(graph, label); }, "relu: the operand is i32[2, 3]");
  expect_error([&] { ops::constant(graph, DType::i32, {2}, 1); }, "constant: dtype i32");
  expect_error([&] { ops::constant(graph, DType::f32, {2}, 1e300); }, "too large for f32");
}

// What is computed while a graph is described equals what a run would compute.
TEST(ConstantFolding, ComputesAsARunDoes) {
  Graph graph;
  const Value subnormal = ops::constant(graph, DType::f32, {}, 1e-40);
  const Value folded = ops::log(graph, subnormal);
  const Value computed = graph.apply(*find_op("log"), std::array{subnormal})[0];
  EXPECT_EQ(graph.node(folded.node).inputs.size(), 0u);
  const NaiveRun run = run_naive(graph, {}, Store{});
  EXPECT_EQ(run.at(folded).at(0), run.at(computed).at(0));
}

TEST(ConstantFolding, LeavesNothingToDifferentiate) {
  Graph graph;
  const Value c = ops::constant(graph, DType::f64, {}, 3);
  const Value of = ops::sum(graph, ops::multiply(graph, graph.input("x", {DType::f64, {3}, {}}), c));
  try {
    gradients(graph, of, std::array{c});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("differentiate with respect to an input or a state"), std::string::npos);
  }
}

TEST(ReductionsOfOneElement, AreThatElementAndKeepTheTypeRule) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {4, 1}, {}});
  EXPECT_EQ(graph.type(ops::mean(graph, x, {1})).shape, Shape({4}));
  EXPECT_EQ(graph.type(ops::sum(graph, graph.input("one", {DType::f32, {1, 1}, {}}))).shape, Shape({}));
  EXPECT_THROW(ops::mean(graph, graph.input("labels", {DType::i32, {4, 1}, {}}), {1}), Error);
}

}  // namespace
}  // namespace hillock
