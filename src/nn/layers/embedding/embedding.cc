// Replaces category numbers by rows of a table.
#include "nn/layers/embedding/embedding.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"

namespace hillock::nn {
namespace {

// The rows of the table for the numbers `categories` [batch, 1]; zeros for the number after the last.
Value embedded(Scope& scope, Value categories, const Embedding& table) {
  constexpr Initializer kInitializer{.kind = Initializer::Kind::normal, .scale = 0.1};
  Graph& graph = scope.graph();
  const TensorType type = graph.type(categories);
  const std::string name = scope.next_name("embedding");
  const Value weight =
      scope.parameter(name + ".weight", {table.categories, table.width}, kInitializer, table.categories, table.width);
  const Value indices = ops::to_index(graph, ops::reshape(graph, categories, {type.shape[0]}), table.categories);
  const Value end = ops::constant(graph, type.dtype, type.shape, static_cast<double>(table.categories));
  Value known = ops::less(graph, categories, end);
  if (scope.training() && table.unknown > 0) {
    const Value least = ops::constant(graph, type.dtype, type.shape, table.unknown);
    known = ops::select(graph, ops::less(graph, scope.random_uniform(name, type.shape), least),
                        ops::constant(graph, type.dtype, type.shape, 0), known);
  }
  return ops::multiply(graph, ops::gather(graph, weight, indices), known);
}

std::string forward(const LayerView&) {
  return "a category goes on as its row of learnt numbers, everything else as it is";
}

// The encoding of the columns determines the tables (Encoding::embeddings), so no text can describe them.
Layer build(const LayerSpec&) { throw Error("embedding: its tables follow from the columns; use nn::embed"); }

}  // namespace

const LayerRecord& embedding_record() {
  static const LayerRecord record{.word = "embedding",
                                  .has_text = false,
                                  .build = &build,
                                  .random = true,
                                  .trace = {.forward = &forward, .in_beside_out = false}};
  return record;
}

Layer embed(std::vector<Embedding> tables) {
  for (const Embedding& table : tables) {
    if (table.categories < 1 || table.width < 1) {
      throw Error(fmt::format("embed: a table of {} by {}; it needs at least one category and one number for it",
                              table.categories, table.width));
    }
    if (!(table.unknown >= 0 && table.unknown < 1)) {
      throw Error(fmt::format("embed: unknown is {}; it must be at least 0 and below 1", table.unknown));
    }
  }
  return [tables = std::move(tables)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape shape = graph.type(in).shape;
    const auto count = static_cast<std::int64_t>(tables.size());
    if (shape.rank() != 2 || shape[1] < count) {
      throw Error(fmt::format("embed: the input {} has no categories for {} tables", shape.to_string(), count));
    }
    const std::int64_t batch = shape[0], plain = shape[1] - count;
    std::int64_t width = plain, at = plain;
    for (const Embedding& table : tables) width += table.width;
    Value out;
    const auto put = [&](Value part, std::int64_t before) {
      const Value padded = ops::pad(graph, part, {0, before}, {0, width - before - graph.type(part).shape[1]});
      out = out ? ops::add(graph, out, padded) : padded;
    };
    if (plain > 0) put(ops::slice(graph, in, {0, 0}, {batch, plain}), 0);
    for (std::int64_t i = 0; i < count; ++i) {
      const Embedding& table = tables[static_cast<std::size_t>(i)];
      put(embedded(scope, ops::slice(graph, in, {0, plain + i}, {batch, 1}), table), at);
      at += table.width;
    }
    return scope.tap({.layer = "embedding", .record = &embedding_record(), .in = {in}}, out);
  };
}

}  // namespace hillock::nn
