// Finds hidden units that no row can change, by a forward pass that outputs what goes into each activation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hillock/diagnosis.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "nn/row_plan.h"

namespace hillock {
namespace {

constexpr std::int64_t kMostRows = 10'000;

// An activation is flat where its input is at most `low` or at least `high`.
struct FlatEnds {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool any() const { return std::isfinite(low) || std::isfinite(high); }
  bool contain(double x) const { return x <= low || x >= high; }
};

FlatEnds flat_ends(nn::Activation activation) {
  using enum nn::Activation;
  constexpr double kLogOfHundred = 4.605170185988092;
  switch (activation) {
    case relu: return {.low = 0};
    case elu:
    case selu: return {.low = -kLogOfHundred};  // the slope is that at 0⁻ times eˣ
    case softplus:
      return {.low = -4.59511985013459};  // the slope is σ(x), and this is log(0.01 / 0.99)
    // Where the absolute slope first reaches 0.01 of its maximum, coming from below; found numerically.
    case gelu: return {.low = -3.0216};
    case silu: return {.low = -6.1429};
    case mish: return {.low = -6.1587};
    case sigmoid: return {-4.59511985013459, 4.59511985013459};
    case tanh: return {-2.6466524123622457, 2.6466524123622457};  // artanh 0.99
    case identity:
    case leaky_relu:
    case softmax: return {};
  }
  return {};
}

void require_features(const Network& network, const TensorType& rows) {
  const Shape& input = network.options().input;
  if (rows.dtype == network.options().dtype && rows.shape.rank() >= 1 && rows.shape[0] >= 1 &&
      rows.elements() == rows.shape[0] * input.elements()) {
    return;
  }
  throw Error(fmt::format("stuck units: the rows are {}; give at least one row of {} {}", rows.to_string(),
                          name_of(network.options().dtype), input.to_string()));
}

// The activation of one layer, watched while rows pass through.
struct Watched {
  FlatEnds ends;
  std::vector<bool> moved;  // by unit: whether some row was not at a flat end

  template <class T>
  void look(std::span<const T> in) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (!ends.contain(static_cast<double>(in[i]))) moved[i % moved.size()] = true;
    }
  }
};

Tensor make_batch(const Network& network, std::int64_t rows) {
  std::vector<std::int64_t> dims{rows};
  for (const std::int64_t dim : network.options().input.dims()) dims.push_back(dim);
  return Tensor(TensorType{network.options().dtype, Shape(std::span<const std::int64_t>(dims)), {}});
}

// Passes `count` of the rows, evenly spaced, in batches through `session`, whose outputs are the watched values.
void watch(Session& session, const RowSource& rows, std::int64_t count, Tensor& batch, std::vector<Watched>& watched) {
  const std::int64_t batch_rows = batch.shape()[0];
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(batch_rows));
  session.bind(0, batch.raw());
  for (std::int64_t first = 0; first < count; first += batch_rows) {
    // A last batch that is too short is filled up with its last row.
    for (std::int64_t i = 0; i < batch_rows; ++i)
      numbers[static_cast<std::size_t>(i)] = std::min(first + i, count - 1) * rows.rows() / count;
    rows.gather(numbers, {.features = {static_cast<std::byte*>(batch.raw()), batch.bytes()}});
    session.run();
    for (std::size_t k = 0; k < watched.size(); ++k) {
      if (batch.dtype() == DType::f32) watched[k].look(session.output_values<float>(k));
      if (batch.dtype() == DType::f64) watched[k].look(session.output_values<double>(k));
    }
  }
}

}  // namespace

std::vector<StuckUnits> find_stuck_units(const Network& network, const Tensor& rows, const SessionOptions& options) {
  require_features(network, rows.type());
  return find_stuck_units(network, MemoryRows(RowsView{.features = rows}), options);
}

std::vector<StuckUnits> find_stuck_units(const Network& network, const RowSource& rows, const SessionOptions& options) {
  require_features(network, rows.types().features);
  const std::int64_t count = std::min(rows.rows(), kMostRows);
  Tensor batch = make_batch(network, std::min(count, kRowsOfABlock));
  Graph graph;
  nn::Scope scope(graph, batch.dtype(), /*training=*/false, network.layout(), network.block(graph), {});
  scope.set_state_prefix(network.options().prefix);
  network.options().layer(scope, graph.input("features", batch.type()));
  std::vector<StuckUnits> result;
  std::vector<Watched> watched;
  PlanOptions planned;
  for (const nn::Activated& activated : scope.activated()) {
    const FlatEnds ends = flat_ends(activated.activation);
    if (!ends.any()) continue;
    const std::int64_t units = graph.type(activated.in).elements() / batch.shape()[0];
    result.push_back({.layer = activated.layer, .activation = activated.activation, .units = units, .rows = count});
    watched.push_back({ends, std::vector<bool>(static_cast<std::size_t>(units))});
    planned.outputs.push_back(activated.in);
  }
  if (result.empty()) return result;
  const Plan plan(graph, planned);
  Session session(plan, network.store(), options);
  watch(session, rows, count, batch, watched);
  for (std::size_t k = 0; k < watched.size(); ++k) result[k].stuck = std::ranges::count(watched[k].moved, false);
  return result;
}

}  // namespace hillock
