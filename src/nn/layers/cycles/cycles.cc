// The hour, the weekday and the day of the year of times, as sine and cosine, so that midnight lies beside midnight and
// December beside January.
//
// θ = (t + offset) factor, with t the seconds since 1970, or those of the day's beginning where the cycle goes by whole
// days; offset is 4 days for a week that begins with Sunday, since 1970 began on a Thursday. All cycles of all columns
// are the same few steps.
#include "nn/layers/cycles/cycles.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "hillock/ops.h"
#include "nn/layers/fitted.h"

namespace hillock::nn {
namespace {

constexpr double kSecondsOfADay = 86400;
// Days before 1970 that become numbers above 0, of which conversion to an integer takes the fraction: 11,000 years.
constexpr double kDaysBefore = 0x1p22;

bool goes_by_whole_days(Cycle cycle) { return cycle == Cycle::week; }
double offset_of(Cycle cycle) { return cycle == Cycle::week ? 4 * kSecondsOfADay : 0; }
double factor_of(Cycle cycle) { return 2 * std::numbers::pi / seconds_of(cycle); }

std::string forward(const LayerView& layer) {
  return std::string(layer.out) +
         " = the sine of each θ_k and then the cosine of each, θ_k = (t + offset_k) factor_k, t = the time in column_k "
         "or "
         "the beginning of its day; 0 where it is missing";
}

Layer build(const LayerSpec&) { refuse_text("cycles", "which columns hold times", "nn::cycles"); }

// The seconds of the last midnight.
Value day_of(Graph& graph, Value seconds) {
  const Value days = ops::add(graph, ops::multiply(graph, seconds, 1 / kSecondsOfADay), kDaysBefore);
  const Value whole = ops::cast(graph, ops::cast(graph, days, DType::i64), DType::f64);
  return ops::multiply(graph, ops::add(graph, whole, -kDaysBefore), kSecondsOfADay);
}

}  // namespace

std::string_view name_of(Cycle cycle) {
  switch (cycle) {
    case Cycle::day: return "day";
    case Cycle::week: return "week";
    case Cycle::year: return "year";
  }
  return "?";
}

Cycle cycle_from_name(std::string_view name) {
  for (const Cycle cycle : {Cycle::day, Cycle::week, Cycle::year}) {
    if (name_of(cycle) == name) return cycle;
  }
  throw Error(fmt::format("cycle: \"{}\" is none; use day, week or year", name));
}

double seconds_of(Cycle cycle) {
  switch (cycle) {
    case Cycle::day: return kSecondsOfADay;
    case Cycle::week: return 7 * kSecondsOfADay;
    case Cycle::year: return 31556952;
  }
  return 0;
}

double angle_of(Cycle cycle, double seconds) {
  if (goes_by_whole_days(cycle)) seconds = std::floor(seconds / kSecondsOfADay) * kSecondsOfADay;
  return (seconds + offset_of(cycle)) * factor_of(cycle);
}

const LayerRecord& cycles_record() {
  static const LayerRecord record{
      .word = "cycles", .has_text = false, .build = &build, .trace = {.forward = &forward, .in_beside_out = false}};
  return record;
}

Layer cycles(const std::vector<std::vector<Cycle>>& of_columns) {
  std::vector<double> column, offset, whole_days, factor;  // of each cycle
  for (std::size_t i = 0; i < of_columns.size(); ++i) {
    for (const Cycle cycle : of_columns[i]) {
      column.push_back(static_cast<double>(i));
      offset.push_back(offset_of(cycle));
      whole_days.push_back(goes_by_whole_days(cycle) ? 1 : 0);
      factor.push_back(factor_of(cycle));
    }
  }
  if (column.empty()) throw Error("cycles: no column has a cycle; leave it out");
  return [columns = of_columns.size(), column = std::move(column), offset = std::move(offset),
          whole_days = std::move(whole_days), factor = std::move(factor)](Scope& scope, Value in) {
    Graph& graph = scope.graph();
    require_columns("cycles", graph, in, columns);
    const std::string name = scope.next_name("cycles");
    const auto each = [&](const char* what, const std::vector<double>& values) {  // [cycles, 1]
      const auto count = static_cast<std::int64_t>(values.size());
      return ops::reshape(graph, fitted(scope, name + what, values), Shape{count, 1});
    };
    const Value places =
        ops::to_index(graph, fitted(scope, name + ".column", column), static_cast<std::int64_t>(columns));
    const Value rows = ops::transpose(graph, ops::cast(graph, in, DType::f64));
    const Value given = ops::gather(graph, rows, places);  // [cycles, batch]
    const Value present = ops::equal(graph, given, given);
    const Value zero = ops::constant(graph, DType::f64, graph.type(given).shape, 0);
    const Value seconds = ops::select(graph, present, given, zero);
    const Value time = ops::select(graph, each(".whole-days", whole_days), day_of(graph, seconds), seconds);
    const Value angle = ops::multiply(graph, ops::add(graph, time, each(".offset", offset)), each(".factor", factor));
    const Value both[] = {ops::select(graph, present, ops::sin(graph, angle), zero),
                          ops::select(graph, present, ops::cos(graph, angle), zero)};
    const Value out = ops::cast(graph, ops::transpose(graph, ops::concat(graph, both)), scope.dtype());
    return scope.tap({.layer = name, .record = &cycles_record(), .in = {in}}, graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
