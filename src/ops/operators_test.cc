// Operators between values give the same as the functions of the same names.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/error_testing.h"
#include "hillock/error.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

const TensorType kVector{DType::f64, {3}, {}}, kScalar{DType::f64, {}, {}};

using Function = std::function<Value(Graph&, Value x, Value y)>;

std::string printed(const Function& function) {
  Graph graph;
  const Value x = graph.input("x", kVector), y = graph.input("y", kScalar);
  function(graph, x, y);
  return graph.to_string();
}

// A number becomes a constant with the shape of the other operand.
Value number(Graph& graph, Value like, double value) {
  return ops::constant(graph, DType::f64, graph.type(like).shape, value);
}

TEST(Operators, AreTheFunctions) {
  EXPECT_EQ(printed([](Graph&, Value x, Value y) { return x + y; }),
            printed([](Graph& g, Value x, Value y) { return ops::add(g, x, y); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value y) { return x - y; }),
            printed([](Graph& g, Value x, Value y) { return ops::subtract(g, x, y); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value y) { return y * x; }),
            printed([](Graph& g, Value x, Value y) { return ops::multiply(g, y, x); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value y) { return y / x; }),
            printed([](Graph& g, Value x, Value y) { return ops::divide(g, y, x); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return -x; }),
            printed([](Graph& g, Value x, Value) { return ops::negate(g, x); }));
}

TEST(Operators, TakeNumbersOnEitherSide) {
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return x + 2.0; }),
            printed([](Graph& g, Value x, Value) { return ops::add(g, x, number(g, x, 2)); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return 2.0 * x; }),
            printed([](Graph& g, Value x, Value) { return ops::multiply(g, x, number(g, x, 2)); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return x - 2.0; }),
            printed([](Graph& g, Value x, Value) { return ops::subtract(g, x, number(g, x, 2)); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return 1.0 - x; }),
            printed([](Graph& g, Value x, Value) { return ops::subtract(g, number(g, x, 1), x); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return x / 3; }),
            printed([](Graph& g, Value x, Value) { return ops::divide(g, x, number(g, x, 3)); }));
  EXPECT_EQ(printed([](Graph&, Value x, Value) { return 3 / x; }),
            printed([](Graph& g, Value x, Value) { return ops::divide(g, number(g, x, 3), x); }));
}

TEST(Operators, RefuseWhatIsOfNoGraphOrOfTwo) {
  Graph one, other;
  const Value x = one.input("x", kVector), y = other.input("y", kVector);
  EXPECT_EQ(error_of([&] { return x + y; }), "+: the operands are values of different graphs; use values of one graph");
  EXPECT_EQ(error_of([&] { return x * Value{}; }),
            "*: an operand refers to no graph; use values that a graph has returned (Graph::value() for a node's "
            "number)");
  EXPECT_EQ(one.value(x.node) + x, (Value{1, 0}));
}

}  // namespace
}  // namespace hillock
