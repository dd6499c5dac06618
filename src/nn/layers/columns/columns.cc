// Computes the inputs of each column of a row, in the order of the columns. What can be computed for all columns at
// once (numbers, missing cells) and for all categories is concatenated to [sources, batch], and each input then gathers
// its source. So the number of steps does not grow with the number of columns.
#include "nn/layers/columns/columns.h"

#include <algorithm>
#include <utility>

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

std::string forward(const LayerView& layer) {
  return std::string(layer.out) +
         "_k = the inputs of each column, in the order of the columns (source_k counts from 0)";
}

Layer build(const LayerSpec&) { refuse_text("columns", "what its columns hold", "nn::columns"); }

bool any(const std::vector<std::int64_t>& counts) {
  return std::ranges::any_of(counts, [](std::int64_t count) { return count > 0; });
}

struct Kinds {
  std::vector<double> categorical;  // 1 for a categorical column
  // per column the number of categories that become inputs, or are embedded
  std::vector<std::int64_t> one_hot, embedded;
  std::vector<std::vector<Cycle>> cycles;  // per column
  std::size_t cycle_count = 0;             // of all columns
  bool numbers = false, missing = false;   // whether any column is numeric, or has an input for missing cells

  explicit Kinds(const std::vector<ColumnInputs>& columns) {
    for (const ColumnInputs& column : columns) {
      categorical.push_back(column.categories > 0 ? 1 : 0);
      one_hot.push_back(column.embedded ? 0 : column.categories);
      embedded.push_back(column.embedded ? column.categories : 0);
      cycles.push_back(column.cycles);
      cycle_count += column.cycles.size();
      numbers = numbers || column.categories == 0;
      missing = missing || column.missing;
    }
  }
};

// For each input, the row of the sources that it gathers.
std::vector<double> sources_of(const std::vector<ColumnInputs>& columns, const Kinds& kinds) {
  const std::size_t count = columns.size();
  std::size_t end = 0, hot = 0;
  for (const std::int64_t categories : kinds.one_hot) hot += static_cast<std::size_t>(categories);
  const auto begin = [&](bool there, std::size_t rows) { return there ? std::exchange(end, end + rows) : 0; };
  const std::size_t numbers = begin(kinds.numbers, count), missing = begin(kinds.missing, count);
  std::size_t next = begin(hot > 0, hot);
  std::size_t sine = begin(kinds.cycle_count > 0, 2 * kinds.cycle_count);
  const std::size_t embedded = begin(any(kinds.embedded), count);
  std::vector<double> sources, last;
  for (std::size_t i = 0; i < count; ++i) {
    if (columns[i].categories == 0) sources.push_back(static_cast<double>(numbers + i));
    for (std::size_t c = 0; c < columns[i].cycles.size(); ++c, ++sine) {
      sources.push_back(static_cast<double>(sine));
      sources.push_back(static_cast<double>(sine + kinds.cycle_count));
    }
    for (std::int64_t c = 0; c < kinds.one_hot[i]; ++c) sources.push_back(static_cast<double>(next++));
    if (columns[i].missing) sources.push_back(static_cast<double>(missing + i));
    if (columns[i].embedded) last.push_back(static_cast<double>(embedded + i));
  }
  sources.insert(sources.end(), last.begin(), last.end());
  return sources;
}

bool are_numbers_alone(const std::vector<ColumnInputs>& columns) {
  return std::ranges::all_of(columns, [](const ColumnInputs& column) {
    return column.categories == 0 && !column.missing && column.cycles.empty();
  });
}

}  // namespace

const LayerRecord& columns_record() {
  static const LayerRecord record{
      .word = "columns", .has_text = false, .build = &build, .trace = {.forward = &forward, .in_beside_out = false}};
  return record;
}

Layer columns(std::vector<ColumnInputs> columns, Layer numbers) {
  for (const ColumnInputs& column : columns) {
    if (column.categories > 0 || (column.categories == 0 && !column.embedded)) continue;
    throw Error(fmt::format("columns: a column of {} categories{}; give 0 for numbers, which are not embedded",
                            column.categories, column.embedded ? " is embedded" : ""));
  }
  for (const ColumnInputs& column : columns) {
    if (column.categories > 0 && !column.cycles.empty())
      throw Error("columns: a column of categories has cycles; they are for numbers, which are times");
  }
  if (are_numbers_alone(columns)) return numbers;
  const Kinds kinds(columns);
  std::vector<double> sources = sources_of(columns, kinds);
  std::vector<Layer> parts;
  if (kinds.numbers) parts.push_back(std::move(numbers));
  if (kinds.missing) parts.push_back(missing_indicator(kinds.categorical));
  if (any(kinds.one_hot)) parts.push_back(one_hot(kinds.one_hot));
  if (kinds.cycle_count > 0) parts.push_back(nn::cycles(kinds.cycles));
  if (any(kinds.embedded)) parts.push_back(category_number(kinds.embedded));
  return [parts = std::move(parts), sources = std::move(sources), count = columns.size()](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("columns", graph, in, count);
    const std::string name = scope.next_name("columns");
    std::vector<Value> made, below;
    for (const Layer& part : parts) {
      made.push_back(part(scope, in));
      below.push_back(ops::transpose(graph, made.back()));
    }
    const Value all = ops::concat(graph, below);  // [sources, batch]
    const Value places = ops::to_index(graph, fitted(scope, name + ".source", sources), graph.type(all).shape[0]);
    const Value out = ops::transpose(graph, ops::gather(graph, all, places));
    return scope.tap({.layer = name, .record = &columns_record(), .in = std::move(made)}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
