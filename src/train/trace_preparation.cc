// Shows what the layers before a network compute from rows.
#include <cstring>
#include <utility>

#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/plan.h"
#include "hillock/session.h"
#include "hillock/trace.h"
#include "model/checks.h"

namespace hillock {
namespace {

// A layer with its input and its output.
struct Shown {
  nn::TapPoint point;
  Value out;
};

// "offset" of "scale1.offset".
std::map<std::string, Tensor> statistics_of(const Network& network, const std::string& layer) {
  std::map<std::string, Tensor> statistics;
  for (const nn::StatisticSpec& spec : network.layout().statistics) {
    if (!spec.name.starts_with(layer + ".")) continue;
    statistics.emplace(spec.name.substr(layer.size() + 1), network.statistic(spec.name));
  }
  return statistics;
}

Tensor output_of(const Session& session, std::size_t index) {
  Tensor values(session.plan().outputs()[index].type);
  std::memcpy(values.raw(), session.output(index), values.bytes());
  return values;
}

}  // namespace

std::vector<TracedPreparation> trace_preparation(const Model& model, const Tensor& rows) {
  require_rows("trace", rows, model.columns.size());
  const Network network = model.preparation(rows.dtype(), model.network.options().dtype);
  Graph graph;
  std::vector<Shown> shown;
  const nn::Tap look = [&](Graph&, const nn::TapPoint& point, Value value) {
    shown.push_back({point, value});
    return value;
  };
  network.describe(graph, graph.input("rows", rows.type()), {.tap = look});
  PlanOptions options;
  for (const Shown& layer : shown) {
    options.outputs.push_back(layer.point.in.front());
    options.outputs.push_back(layer.out);
  }
  const Plan plan(graph, options);
  Session session(plan, network.store());
  session.bind("rows", rows);
  session.run();
  std::vector<TracedPreparation> traced;
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const nn::TapPoint& point = shown[k].point;
    traced.push_back({.name = point.layer,
                      .record = point.record,
                      .in = output_of(session, 2 * k),
                      .out = output_of(session, 2 * k + 1),
                      .statistics = statistics_of(network, point.layer)});
  }
  return traced;
}

}  // namespace hillock
