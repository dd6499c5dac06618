// Combines what a watched training step computed with the finite differences for it.
#include "hillock/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "core/row_shape.h"
#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/ops.h"
#include "train/finite_difference.h"
#include "train/step_numbers.h"

namespace hillock {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Tensor copied(const TensorType& type, const void* from) {
  Tensor result(type);
  std::memcpy(result.raw(), from, result.bytes());
  return result;
}

// σ′ at each z, computed by the gradient rules of the ops that σ consists of.
Tensor slope_at(const Tensor& z, nn::Activation activation) {
  Graph graph;
  const Value in = graph.input("z", z.type());
  const Value sum = ops::sum(graph, nn::activate(graph, in, activation));
  const Value slope = gradients(graph, sum, std::vector<Value>{in})[0];
  return run_naive(graph, {{"z", z}}, Store()).at(slope);
}

// The slice of a block that holds one parameter.
Tensor part_of(const Tensor& block, const nn::ParameterSpec& spec) {
  const std::size_t size = size_in_bytes(block.dtype());
  return copied({block.dtype(), spec.shape, {}},
                static_cast<const std::byte*>(block.raw()) + static_cast<std::size_t>(spec.offset) * size);
}

// The elements that get a finite difference: every `stride`-th, and the `largest` ones in each of the first `rows`
// slices of `part` elements.
std::set<std::int64_t> chosen(const Tensor& gradient, std::int64_t stride, std::int64_t largest, std::int64_t part,
                              std::int64_t rows) {
  std::set<std::int64_t> result;
  for (std::int64_t i = 0; i < gradient.elements(); i += stride) result.insert(i);
  for (std::int64_t row = 0; stride > 1 && row < rows && row * part < gradient.elements(); ++row) {
    const std::vector<std::int64_t> top = largest_elements(gradient, row * part, part, largest);
    result.insert(top.begin(), top.end());
  }
  return result;
}

// The stride for which at most `most` of `all` elements are compared.
std::int64_t stride_for(std::int64_t all, std::int64_t most) { return all <= most ? 1 : (all + most - 1) / most; }

// Computes the differences of the elements `which` by changing `variables`, which correspond to the elements.
void difference(LossProbe& probe, std::span<double> variables, const std::set<std::int64_t>& which, Traced& traced) {
  const auto elements = static_cast<std::size_t>(traced.value.elements());
  traced.difference.assign(elements, kNone);
  traced.kink.assign(elements, 0);
  for (const std::int64_t i : which) {
    const auto at = static_cast<std::size_t>(i);
    const Slope slope = probe.slope(variables[at]);
    traced.difference[at] = slope.value;
    traced.kink[at] = slope.kink;
  }
}

// "dense1.weight [2, 3]": indices are counted from 1, as in the texts about a trace.
std::string place(const std::string& name, const Shape& shape, std::int64_t index) {
  std::string at;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    at = fmt::format("{}{}{}", index % shape[axis] + 1, at.empty() ? "" : ", ", at);
    index /= shape[axis];
  }
  return fmt::format("{} [{}]", name, at);
}

void account(const Traced& traced, const std::string& name, Audit& audit) {
  if (!traced.has_gradient()) return;
  for (std::int64_t i = 0; i < traced.value.elements(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double apart = disagreement(traced, i);
    if (std::isnan(apart)) {
      ++(traced.kink[at] != 0 ? audit.kinks : audit.skipped);
      continue;
    }
    ++audit.compared;
    if (apart < audit.largest || (!audit.where.empty() && apart == audit.largest)) continue;
    audit.largest = apart;
    audit.where = place(name, traced.value.shape(), i);
  }
}

TracedLayer opened_by(const LayerValue& one) {
  TracedLayer layer;
  layer.name = one.point.layer;
  layer.record = one.point.record;
  if (!one.in.empty()) layer.in = copied(one.in_type, one.in[0]);
  return layer;
}

// Whether a value that is shown at `point` belongs to the layer of the previous value, of which z or a were shown or
// not. A layer with a z but no activation, followed by an activation of that z (`of_last`), forms one layer with z and
// a, as in textbooks.
bool continues(const nn::TapPoint& point, bool has_z, bool has_a, nn::Activation activation, bool of_last) {
  if (point.stage == nn::TapPoint::Stage::z || !has_z) return false;
  if (!has_a) return true;
  return activation == nn::Activation::identity && of_last && point.record != nullptr && point.record->is_activation;
}

bool continues(const TracedLayer& layer, const void* last, const LayerValue& one) {
  const bool of_last = !one.in.empty() && one.in[0] == last;
  return continues(one.point, layer.z.has_value(), layer.a.has_value(), layer.activation, of_last);
}

}  // namespace

double disagreement(const Traced& traced, std::int64_t index) {
  const auto at = static_cast<std::size_t>(index);
  if (!traced.has_gradient() || at >= traced.difference.size() || traced.kink[at] != 0) return kNone;
  const double g = traced.gradient.at(index), d = traced.difference[at];
  if (!std::isnan(d) && !(std::isfinite(g) && std::isfinite(d))) return std::numeric_limits<double>::infinity();
  return std::abs(g - d) / std::max({1.0, std::abs(g), std::abs(d)});
}

std::vector<std::string> traced_layer_names(const Network& network) {
  Graph graph;
  const Value in = graph.input("features", {network.options().dtype, with_rows(1, network.options().input), {}});
  const Value position = graph.input("position", {DType::i64, {3}, {}});
  std::vector<std::string> names;
  bool has_z = false, has_a = false;
  nn::Activation activation = nn::Activation::identity;
  Value last;
  const nn::Tap look = [&](Graph&, const nn::TapPoint& point, Value value) {
    const bool of_last = !point.in.empty() && point.in[0] == last;
    if (names.empty() || !continues(point, has_z, has_a, activation, of_last)) {
      names.push_back(point.layer);
      has_z = has_a = false;
    }
    (point.stage == nn::TapPoint::Stage::z ? has_z : has_a) = true;
    activation = nn::activation_of(point.attributes);
    return last = value;
  };
  const auto count = static_cast<std::int64_t>(network.layout().numbers.size());
  const Value numbers = graph.input("numbers", {network.options().dtype, {count}, {}});
  network.describe(graph, in, {.training = true, .position = position, .numbers = numbers, .tap = look});
  return names;
}

std::vector<std::int64_t> largest_elements(const Tensor& tensor, std::int64_t begin, std::int64_t count,
                                           std::int64_t most) {
  if (begin < 0 || count < 0 || most < 0 || begin > tensor.elements() - count) {
    throw Error(fmt::format("largest elements: {} of [{}, {}) of {}; ask for elements of the tensor", most, begin,
                            begin + count, tensor.type().to_string()));
  }
  std::vector<std::int64_t> result(static_cast<std::size_t>(count));
  std::iota(result.begin(), result.end(), begin);
  if (most >= count) return result;
  std::ranges::stable_sort(result, std::greater<>(), [&](std::int64_t i) { return std::abs(tensor.at(i)); });
  result.resize(static_cast<std::size_t>(most));
  std::ranges::sort(result);
  return result;
}

struct Tracer::State {
  Network* network;
  TraceOptions options;
  TensorType features, targets, weights;
  std::unique_ptr<TrainingStep> step;
  std::unique_ptr<LossProbe> probe;
  StepNumbers numbers;
  std::vector<std::size_t> z_taps, a_taps;  // by traced layer, the index of its value among all that are shown

  void require(const Tensor& tensor, const TensorType& type, const char* what) const;
  void require_weights(const Tensor* given) const;
  std::vector<TracedLayer> layers(const void* given);  // `given`: the input of the network
  void take_parameters(StepTrace& trace) const;
  void take_after(StepTrace& trace) const;
  std::int64_t most_differences() const;
  void compare(StepTrace& trace);
  void compare(Traced& traced, std::size_t tap, std::int64_t stride);
};

void Tracer::State::require(const Tensor& tensor, const TensorType& type, const char* what) const {
  if (tensor.type() == type) return;
  throw Error(
      fmt::format("trace: the {} are {}; this batch takes {}", what, tensor.type().to_string(), type.to_string()));
}

void Tracer::State::require_weights(const Tensor* given) const {
  if ((given != nullptr) != options.step.weighted) {
    throw Error(given == nullptr ? "trace: the step is weighted and there are no weights; pass one for each row"
                                 : "trace: there are weights and the step has none; set StepOptions::weighted");
  }
  if (given != nullptr) require(*given, weights, "weights");
}

std::vector<TracedLayer> Tracer::State::layers(const void* given) {
  std::vector<TracedLayer> result;
  z_taps.clear();
  a_taps.clear();
  std::map<const void*, std::int64_t> makers{{given, TracedLayer::kInputs}};
  const std::vector<LayerValue> watched = step->watched();
  for (std::size_t k = 0; k < watched.size(); ++k) {
    const LayerValue& one = watched[k];
    if (result.empty() || !continues(result.back(), watched[k - 1].value, one)) {
      result.push_back(opened_by(one));
      for (const void* in : one.in) {
        const auto maker = makers.find(in);
        result.back().from.push_back(maker == makers.end() ? TracedLayer::kUnseen : maker->second);
      }
      z_taps.push_back(k);
      a_taps.push_back(k);
    }
    const bool is_z = one.point.stage == nn::TapPoint::Stage::z;
    TracedLayer& layer = result.back();
    layer.attributes = one.point.attributes;
    layer.activation = nn::activation_of(layer.attributes);
    (is_z ? z_taps : a_taps).back() = k;
    Traced& traced = is_z ? layer.z : layer.a;
    traced.value = copied(one.type, one.value);
    traced.gradient = one.gradient == nullptr ? Tensor() : copied(one.type, one.gradient);
    makers[one.value] = static_cast<std::int64_t>(result.size()) - 1;
  }
  for (TracedLayer& layer : result) {
    const bool pointwise = layer.attributes.has("activation") && layer.activation != nn::Activation::softmax;
    if (pointwise) layer.slope = slope_at(layer.z.has_value() ? layer.z.value : layer.in, layer.activation);
  }
  return result;
}

void Tracer::State::take_parameters(StepTrace& trace) const {
  for (const nn::ParameterSpec& spec : network->layout().parameters) {
    trace.parameters.push_back({.name = spec.name, .before = {}, .after = {}, .slots = {}});
    trace.parameters.back().before.value = network->parameter(spec.name);
  }
  for (const nn::StatisticSpec& spec : network->layout().statistics)
    trace.statistics.push_back({.name = spec.name, .before = network->statistic(spec.name), .after = {}});
}

void Tracer::State::take_after(StepTrace& trace) const {
  const Tensor gradient = copied({network->options().dtype, {network->parameter_count()}, {}}, step->gradient());
  double squares = 0;
  for (std::int64_t i = 0; i < gradient.elements(); ++i) squares += gradient.at(i) * gradient.at(i);
  trace.gradient_norm = std::sqrt(squares);
  const double limit = options.step.clip_norm;  // clip_by_global_norm()
  if (limit > 0) trace.clip_factor = std::min(1.0, limit / (trace.gradient_norm + 1e-6));
  for (std::size_t k = 0; k < trace.parameters.size(); ++k) {
    const nn::ParameterSpec& spec = network->layout().parameters[k];
    TracedParameter& parameter = trace.parameters[k];
    parameter.before.gradient = part_of(gradient, spec);
    parameter.after = network->parameter(spec.name);
    for (const std::string& slot : options.step.optimizer.slots) {
      parameter.slots.push_back(part_of(network->store().get(slot), spec));
    }
  }
  for (TracedStatistic& statistic : trace.statistics) statistic.after = network->statistic(statistic.name);
}

// A difference takes about 20 forward passes, each of as many multiplications as parameters times rows. 1e9
// multiplications for all differences take some seconds on one thread.
std::int64_t Tracer::State::most_differences() const {
  const std::int64_t work = network->parameter_count() * features.shape[0];
  return std::min(options.most_differences, std::max<std::int64_t>(1, 1'000'000'000 / std::max<std::int64_t>(1, work)));
}

void Tracer::State::compare(Traced& traced, std::size_t tap, std::int64_t stride) {
  if (!traced.has_gradient()) return;
  const std::int64_t row = traced.value.elements() / features.shape[0];
  difference(*probe, probe->offset(tap), chosen(traced.gradient, stride, options.largest, row, options.rows), traced);
}

// The probe must hold the parameters before the step.
void Tracer::State::compare(StepTrace& trace) {
  const std::int64_t stride = stride_for(network->parameter_count(), most_differences());
  for (std::size_t k = 0; k < trace.parameters.size(); ++k) {
    const nn::ParameterSpec& spec = network->layout().parameters[k];
    Traced& traced = trace.parameters[k].before;
    const std::int64_t all = spec.shape.elements();
    const auto block =
        probe->parameters().subspan(static_cast<std::size_t>(spec.offset), static_cast<std::size_t>(all));
    difference(*probe, block, chosen(traced.gradient, stride, options.largest, all, 1), traced);
    account(traced, spec.name, trace.audit);
  }
  std::int64_t shown = 0;
  for (const TracedLayer& layer : trace.layers) {
    for (const Traced* traced : {&layer.z, &layer.a}) shown += traced->has_gradient() ? traced->value.elements() : 0;
  }
  const std::int64_t every = stride_for(shown, most_differences());
  for (std::size_t k = 0; k < trace.layers.size(); ++k) {
    TracedLayer& layer = trace.layers[k];
    compare(layer.z, z_taps[k], every);
    compare(layer.a, a_taps[k], every);
    account(layer.z, "z of " + layer.name, trace.audit);
    account(layer.a, "a of " + layer.name, trace.audit);
  }
}

Tracer::Tracer(Network& network, std::int64_t batch, const TensorType& targets, TraceOptions options)
    : state_(std::make_unique<State>()) {
  if (options.step.optimizer.full_batch()) {
    throw Error(
        fmt::format("trace: {} finds its step by a search over many passes; trace another optimizer, for example sgd",
                    options.step.optimizer.name));
  }
  if (options.most_differences < 1 || options.largest < 0 || options.rows < 0) {
    throw Error(fmt::format("trace: at most {} differences, the {} largest of {} rows; ask for 1, 0 and 0 at least",
                            options.most_differences, options.largest, options.rows));
  }
  State& state = *state_;
  options.step.watch = true;
  state.network = &network;
  state.options = std::move(options);
  state.targets = targets;
  state.features = {network.options().dtype, with_rows(batch, network.options().input), {}};
  state.weights = {network.options().dtype, {batch}, {}};
  const StepOptions& step = state.options.step;
  state.step = std::make_unique<TrainingStep>(network, batch, targets, step);
  state.probe = std::make_unique<LossProbe>(network, batch, targets, step.loss, step.weighted);
  state.numbers = StepNumbers(step.optimizer, network.layout(), step.steps);
}

Tracer::~Tracer() = default;
Tracer::Tracer(Tracer&&) noexcept = default;

StepTrace Tracer::run(const Tensor& features, const Tensor& targets, std::int64_t step, double rate, std::uint64_t seed,
                      std::int64_t first_row, const Tensor* weights) {
  State& state = *state_;
  state.require(features, state.features, "features");
  state.require(targets, state.targets, "targets");
  state.require_weights(weights);
  const std::span<const double> numbers = state.numbers.at(step, rate);
  StepTrace trace;
  trace.step = step;
  trace.rate = rate;
  trace.numbers.assign(numbers.begin(), numbers.end() - std::ssize(state.numbers.of_layers()));
  state.probe->set_parameters(*state.network);
  state.probe->set_batch(features, targets, weights, {static_cast<std::int64_t>(seed), step, first_row},
                         state.numbers.of_layers());
  state.take_parameters(trace);
  trace.loss = state.step->run(features, targets, step, rate, seed, first_row,
                               weights == nullptr ? TensorView() : TensorView(*weights));
  trace.updated = state.step->updated();
  trace.layers = state.layers(features.raw());
  state.take_after(trace);
  state.compare(trace);
  state.probe->set_parameters(*state.network);
  trace.loss_after = state.probe->loss();
  return trace;
}

}  // namespace hillock
