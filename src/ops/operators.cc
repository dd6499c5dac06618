// The operators of hillock/ops.h call the functions of the same names on the graph of their operands.
#include <fmt/format.h>

#include <string_view>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

Graph& graph_of(Value x, std::string_view where) {
  if (x.place != nullptr) return *x.place->graph;
  throw Error(
      fmt::format("{}: an operand refers to no graph; use values that a graph has returned (Graph::value() for "
                  "a node's number)",
                  where));
}

Graph& graph_of(Value x, Value y, std::string_view where) {
  Graph& graph = graph_of(x, where);
  if (&graph_of(y, where) == &graph) return graph;
  throw Error(fmt::format("{}: the operands are values of different graphs; use values of one graph", where));
}

}  // namespace

Value operator+(Value x, Value y) { return ops::add(graph_of(x, y, "+"), x, y); }
Value operator-(Value x, Value y) { return ops::subtract(graph_of(x, y, "-"), x, y); }
Value operator*(Value x, Value y) { return ops::multiply(graph_of(x, y, "*"), x, y); }
Value operator/(Value x, Value y) { return ops::divide(graph_of(x, y, "/"), x, y); }
Value operator-(Value x) { return ops::negate(graph_of(x, "-"), x); }

Value operator+(Value x, double y) { return ops::add(graph_of(x, "+"), x, y); }
Value operator*(Value x, double y) { return ops::multiply(graph_of(x, "*"), x, y); }
Value operator-(Value x, double y) {
  Graph& graph = graph_of(x, "-");
  return ops::subtract(graph, x, constant_like(graph, x, y));
}
Value operator/(Value x, double y) {
  Graph& graph = graph_of(x, "/");
  return ops::divide(graph, x, constant_like(graph, x, y));
}
Value operator+(double x, Value y) { return y + x; }
Value operator*(double x, Value y) { return y * x; }
Value operator-(double x, Value y) {
  Graph& graph = graph_of(y, "-");
  return ops::subtract(graph, constant_like(graph, y, x), y);
}
Value operator/(double x, Value y) {
  Graph& graph = graph_of(y, "/");
  return ops::divide(graph, constant_like(graph, y, x), y);
}

}  // namespace hillock
