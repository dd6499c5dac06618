// Sets random values to zero in training.
#include "nn/layers/dropout/dropout.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/text.h"

namespace hillock::nn {
namespace {

LayerAttributes parse(const LayerText& text) {
  if (text.words.size() != 2) text.fail("dropout needs one rate");
  const std::optional<double> rate = text.real(1);
  if (!rate || !(*rate >= 0 && *rate < 1))
    text.fail(fmt::format("the rate {} must be at least 0 and below 1", quote(text.words[1])));
  return {{"rate", *rate}};
}

std::string print(const LayerSpec& spec) { return fmt::format("dropout {}", spec.attributes.real("rate")); }

Layer build(const LayerSpec& spec) { return dropout(spec.attributes.real("rate")); }

std::string forward(const LayerView& layer) {
  const double rate = layer.attributes->real("rate");
  return fmt::format("a_k is 0 with probability {0}, else what came in divided by {1} (1 − {0})", trace_figure(rate),
                     trace_figure(1 - rate));
}

std::string backward(const LayerView& layer, std::size_t) {
  return fmt::format("∂E/∂a_j of {} divided by {}, 0 where it put 0", layer.name,
                     trace_figure(1 - layer.attributes->real("rate")));
}

std::string backward_numbers(const LayerView& layer, std::size_t, const ElementView& element) {
  const bool kept = element.out != 0 || element.in == 0;
  return kept ? fmt::format("{} / {}", trace_figure(element.gradient), trace_figure(1 - layer.attributes->real("rate")))
              : "dropped";
}

}  // namespace

const LayerRecord& dropout_record() {
  static const LayerRecord record{
      .word = "dropout",
      .form = "dropout RATE",
      .summary = "while training, drops each value with this probability",
      .example = "dropout 0.3",
      .parse = &parse,
      .print = &print,
      .build = &build,
      .random = true,
      .hidden = false,
      .trace = {.forward = &forward, .backward = &backward, .backward_numbers = &backward_numbers}};
  return record;
}

Layer dropout(double rate) {
  if (!(rate >= 0 && rate < 1))
    throw Error(fmt::format("dropout: the rate is {}; it must be at least 0 and below 1", rate));
  return [rate](Scope& scope, Value in) {
    if (!scope.training() || rate == 0) return in;
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("dropout");
    const TensorType type = graph.type(in);
    const Value draw = scope.random_uniform(name, type.shape);
    const Value dropped = ops::less(graph, draw, ops::constant(graph, type.dtype, type.shape, rate));
    const Value zero = ops::constant(graph, type.dtype, type.shape, 0);
    const Value out = ops::select(graph, dropped, zero, ops::multiply(graph, in, 1 / (1 - rate)));
    return scope.tap({.layer = name, .record = &dropout_record(), .attributes = {{"rate", rate}}, .in = {in}},
                     graph.set_name(out, name));
  };
}

}  // namespace hillock::nn
