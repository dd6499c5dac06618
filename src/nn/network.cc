// Networks: creating and initializing the parameters, and predicting.
#include "hillock/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/random.h"
#include "core/row_shape.h"
#include "core/sha256.h"
#include "hillock/error.h"
#include "hillock/ops.h"
#include "nn/layers/activation/activation.h"
#include "nn/row_plan.h"
#include "state/blocks.h"

namespace hillock {
namespace {

double first_value(const nn::Initializer& initializer, const nn::ParameterSpec& spec, PhiloxStream& random) {
  using Kind = nn::Initializer::Kind;
  const double in = static_cast<double>(spec.fan_in);
  const double out = static_cast<double>(spec.fan_out);
  auto uniform = [&](double half_width) { return (2 * random.uniform() - 1) * half_width; };
  switch (initializer.kind) {
    case Kind::zeros: return 0;
    case Kind::constant: return initializer.scale;
    case Kind::normal: return random.normal() * initializer.scale;
    case Kind::uniform: return uniform(initializer.scale);
    case Kind::glorot_uniform: return uniform(std::sqrt(6 / (in + out)));
    case Kind::glorot_normal: return random.normal() * std::sqrt(2 / (in + out));
    case Kind::he_uniform: return uniform(std::sqrt(6 / in));
    case Kind::he_normal: return random.normal() * std::sqrt(2 / in);
    case Kind::lecun_uniform: return uniform(std::sqrt(3 / in));
    case Kind::lecun_normal: return random.normal() * std::sqrt(1 / in);
  }
  return 0;
}

template <class Spec>
const Spec& require(const Spec* found, const std::vector<Spec>& all, std::string_view what, std::string_view name) {
  if (found != nullptr) return *found;
  std::string known;
  for (const Spec& spec : all) known += (known.empty() ? "" : ", ") + spec.name;
  throw Error(fmt::format("network: there is no {} \"{}\"; it has {}", what, name, known.empty() ? "none" : known));
}

// Throws Error unless two networks have the same entries, apart from element types.
void require_same_entries(const std::vector<StateEntry>& ours, const std::vector<StateEntry>& theirs) {
  const auto name = [](const std::vector<StateEntry>& entries, std::size_t k) {
    if (k >= entries.size()) return std::string("nothing");
    return fmt::format("{} \"{}\" {}", name_of(entries[k].role), entries[k].name, entries[k].type.shape.to_string());
  };
  for (std::size_t k = 0; k < std::max(ours.size(), theirs.size()); ++k) {
    if (name(ours, k) == name(theirs, k)) continue;
    throw Error(
        fmt::format("network: it has {} where the one whose values it is to take has {}; copy from a network of the "
                    "same layers",
                    name(ours, k), name(theirs, k)));
  }
}

// The element types of the statistics, in a fixed order.
std::vector<DType> statistic_types(const nn::StateLayout& layout) {
  std::vector<DType> types;
  for (const DType dtype : {DType::f32, DType::f64, DType::i32, DType::i64}) {
    if (layout.statistic_elements(dtype) > 0) types.push_back(dtype);
  }
  return types;
}

}  // namespace

Network::Network(NetworkOptions options) : options_(std::move(options)), store_(std::make_unique<Store>()) {
  if (!is_float(options_.dtype))
    throw Error(fmt::format("network: the element type {} is not f32 or f64", name_of(options_.dtype)));
  if (!options_.layer) throw Error("network: there is no layer; pass one, for example nn::dense(1)");
  Graph graph;
  nn::Scope scope(graph, options_.dtype, /*training=*/true, layout_);
  const Value out = options_.layer(
      scope, graph.input("features", {options_.in.value_or(options_.dtype), with_rows(1, options_.input), {}}));
  const TensorType type = graph.type(out);
  if (type.shape.rank() != 2 || type.shape[0] != 1 || type.dtype != options_.dtype) {
    throw Error(
        fmt::format("network: the layers turn a batch of one row into {}; they must give [batch, outputs] of {}",
                    type.to_string(), name_of(options_.dtype)));
  }
  outputs_ = type.shape[1];
  layout_.arrange();
  store_->put(parameter_block(), Tensor(TensorType{options_.dtype, {layout_.elements}, {}}), StateRole::parameter);
  for (const DType dtype : statistic_types(layout_)) {
    const Shape block{layout_.statistic_elements(dtype)};
    store_->put(statistic_block(dtype), Tensor(TensorType{dtype, block, {}}), StateRole::statistic);
  }
  set_first_statistics();
}

Tensor& Network::parameters() { return store_->get(parameter_block()); }
const Tensor& Network::parameters() const { return store_->get(parameter_block()); }

std::string Network::parameter_block() const { return options_.prefix + kParameterBlock; }
std::string Network::statistic_block(DType dtype) const { return options_.prefix + hillock::statistic_block(dtype); }
StateEntry Network::entry_of(const nn::ParameterSpec& spec) const {
  return {spec.name, StateRole::parameter, {options_.dtype, spec.shape, {}}, parameter_block(), spec.offset};
}
StateEntry Network::entry_of(const nn::StatisticSpec& spec) const {
  return {spec.name, StateRole::statistic, spec.type, statistic_block(spec.type.dtype), spec.offset};
}

Store Network::statistics() const {
  Store result;
  copy_state(*store_, result, {StateRole::statistic});
  return result;
}

std::vector<StateEntry> Network::schema() const {
  std::vector<StateEntry> entries;
  for (const nn::ParameterSpec& spec : layout_.parameters) entries.push_back(entry_of(spec));
  for (const nn::StatisticSpec& spec : layout_.statistics) entries.push_back(entry_of(spec));
  return entries;
}

void Network::set_first_statistics() {
  for (const nn::StatisticSpec& spec : layout_.statistics) {
    Tensor& block = store_->get(statistic_block(spec.type.dtype));
    for (std::int64_t i = 0; i < spec.type.elements(); ++i) {
      block.set(spec.offset + i, spec.values.empty() ? spec.first : spec.values[static_cast<std::size_t>(i)]);
    }
  }
}

void Network::initialize(std::uint64_t seed, std::optional<nn::Initializer> weight,
                         std::optional<nn::Initializer> bias) {
  set_first_statistics();
  Tensor& block = parameters();
  given_ = true;
  for (const nn::ParameterSpec& spec : layout_.parameters) {
    const auto& given = spec.shape.rank() >= 2 ? weight : bias;
    const nn::Initializer initializer = spec.initializer.fixed ? spec.initializer : given.value_or(spec.initializer);
    PhiloxStream random(seed, spec.name);
    for (std::int64_t i = 0; i < spec.shape.elements(); ++i)
      block.set(spec.offset + i, first_value(initializer, spec, random));
  }
}

Tensor Network::parameter(std::string_view name) const {
  return read_entry(*store_, entry_of(require(layout_.find(name), layout_.parameters, "parameter", name)));
}

void Network::set_parameter(std::string_view name, const Tensor& value) {
  const auto& spec = require(layout_.find(name), layout_.parameters, "parameter", name);
  write_entry(*store_, entry_of(spec), value);
  given_ = true;
}

void Network::set_parameters(const Tensor& values) {
  Tensor& block = parameters();
  if (values.type() != block.type()) {
    throw Error(
        fmt::format("network: all parameters are {}, got {}", block.type().to_string(), values.type().to_string()));
  }
  given_ = true;
  std::memcpy(block.raw(), values.raw(), block.bytes());
}

bool Network::initialized() const {
  if (given_) return true;
  const Tensor& block = parameters();
  for (std::int64_t i = 0; i < block.elements(); ++i) {
    if (block.at(i) != 0) return true;
  }
  return block.elements() == 0;
}

Tensor Network::statistic(std::string_view name) const {
  return read_entry(*store_, entry_of(require(layout_.find_statistic(name), layout_.statistics, "statistic", name)));
}

void Network::set_statistic(std::string_view name, const Tensor& value) {
  write_entry(*store_, entry_of(require(layout_.find_statistic(name), layout_.statistics, "statistic", name)), value);
}

Network Network::copy(std::optional<DType> dtype) const {
  NetworkOptions options = options_;
  options.dtype = dtype.value_or(options.dtype);
  Network result(std::move(options));
  result.copy_values(*this);
  return result;
}

void Network::copy_values(const Network& from) {
  const std::vector<StateEntry> theirs = from.schema(), ours = schema();
  require_same_entries(ours, theirs);
  for (std::size_t k = 0; k < ours.size(); ++k) write_entry(*store_, ours[k], read_entry(*from.store_, theirs[k]));
  given_ = given_ || from.given_;
}

Value Network::block(Graph& graph) const {
  return graph.state(parameter_block(), {options_.dtype, {layout_.elements}, {}});
}

DescribedNetwork Network::describe(Graph& graph, Value in, const DescribeOptions& options) const {
  const Value parameters = layout_.elements > 0 ? block(graph) : Value{};
  nn::Scope scope(graph, options_.dtype, options.training, layout_, parameters, options.position, options.numbers);
  scope.set_tap(options.tap);
  scope.set_state_prefix(options_.prefix);
  if (options.fitting) scope.set_fitting();
  DescribedNetwork described;
  described.out.logits = options_.layer(scope, in);
  described.out.prediction = nn::activate(graph, described.out.logits, options_.output);
  if (options_.output != nn::Activation::identity) {
    const nn::TapPoint point{.layer = "output",
                             .record = &nn::activation_record(),
                             .attributes = {{"activation", options_.output}},
                             .in = {described.out.logits}};
    described.out.prediction = scope.tap(point, described.out.prediction);
  }
  for (const nn::ParameterSpec& spec : layout_.parameters) {
    const auto found = scope.parameters().find(spec.name);
    if (found == scope.parameters().end()) {
      throw Error(
          fmt::format("network: the layers no longer ask for parameter \"{}\"; a layer must ask for the same "
                      "parameters every time",
                      spec.name));
    }
    described.parameters.push_back(found->second);
  }
  described.updates = scope.updates();
  described.fits = scope.fits();
  described.state = scope.parameters();
  described.state.insert(scope.statistics().begin(), scope.statistics().end());
  return described;
}

nn::Output Network::describe(Graph& graph, Value in) const { return describe(graph, in, DescribeOptions{}).out; }

void Network::assign_statistics(Graph& graph, const std::map<std::string, Value>& updates) const {
  for (const DType dtype : statistic_types(layout_)) {
    const Value old = graph.state(statistic_block(dtype), {dtype, {layout_.statistic_elements(dtype)}, {}});
    std::vector<Value> parts;
    bool changes = false;
    for (const nn::StatisticSpec& spec : layout_.statistics) {
      if (spec.type.dtype != dtype) continue;
      const std::int64_t elements = spec.type.elements();
      const auto next = updates.find(spec.name);
      changes = changes || next != updates.end();
      parts.push_back(next == updates.end() ? ops::slice(graph, old, {spec.offset}, {elements})
                                            : ops::reshape(graph, next->second, {elements}));
    }
    if (changes) graph.assign(old, graph.set_name(ops::concat(graph, parts), "new statistics"));
  }
}

std::string parameters_sha256(const Network& network) {
  const Tensor& parameters = network.parameters();
  return sha256({static_cast<const std::byte*>(parameters.raw()), parameters.bytes()});
}

namespace {
std::unique_ptr<RowPlan> prediction_plan(const Network& network, std::int64_t batch, const SessionOptions& options) {
  Graph graph;
  const Value in = graph.input("features", {network.options().dtype, with_rows(batch, network.options().input), {}});
  const Value out = network.describe(graph, in).prediction;
  return std::make_unique<RowPlan>(graph, in, out, std::vector<const Store*>{&network.store()}, options);
}
}  // namespace

Predictor::Predictor(const Network& network, std::int64_t batch, const SessionOptions& options)
    : dtype_(network.options().dtype), row_elements_(network.options().input.elements()), outputs_(network.outputs()) {
  if (batch < 1) throw Error(fmt::format("predictor: a batch of {} rows; it needs at least one", batch));
  plan_ = prediction_plan(network, batch, options);
}

Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

const void* Predictor::predict(const void* rows, std::int64_t count) {
  if (count < 0 || count > plan_->batch())
    throw Error(fmt::format("predictor: {} rows; this one takes up to {}", count, plan_->batch()));
  if (rows == nullptr && count > 0) throw Error(fmt::format("predictor: {} rows without data; pass them", count));
  return plan_->run(rows, count);
}

std::int64_t Predictor::check_rows(DType dtype, std::int64_t elements) const {
  if (dtype != dtype_)
    throw Error(fmt::format("predictor: the rows are {} and the network is {}", name_of(dtype), name_of(dtype_)));
  if (row_elements_ == 0 || elements % row_elements_ != 0) {
    throw Error(fmt::format("predictor: {} numbers are not whole rows of {}", elements, row_elements_));
  }
  return elements / row_elements_;
}

Tensor predict(const Network& network, const Tensor& rows, const SessionOptions& options) {
  const std::int64_t row_elements = network.options().input.elements();
  if (rows.dtype() != network.options().dtype || rows.shape().rank() < 1 ||
      rows.elements() != rows.shape()[0] * row_elements) {
    throw Error(fmt::format("predict: rows are {}; the network takes {} of shape {} each", rows.type().to_string(),
                            name_of(network.options().dtype), network.options().input.to_string()));
  }
  Tensor result(TensorType{rows.dtype(), {rows.shape()[0], network.outputs()}, {}});
  const std::int64_t batch = std::min(rows.shape()[0], kRowsOfABlock);
  if (batch > 0) prediction_plan(network, batch, options)->run_all(rows, result);
  return result;
}

}  // namespace hillock
