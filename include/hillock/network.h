// A network: layers with their parameters in one contiguous block, and the text that describes it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/layer.h"
#include "hillock/nn.h"
#include "hillock/session.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

// What --net says, as data: hidden layers in order, and the output's activation if it was named.
struct NetworkSpec {
  std::vector<nn::LayerSpec> hidden;
  std::optional<nn::Activation> output;  // nothing: follows from the loss

  // "64, 32" or "dense 64 relu, dropout 0.2, dense 32 tanh, output sigmoid"; "" is a network without hidden layers.
  // Throws Error that names the offending part and what is allowed there (nn::UnknownLayer if no such layer is known).
  static NetworkSpec parse(std::string_view text);
  // The long form; parse(to_string()) gives the same spec.
  std::string to_string() const;
  bool operator==(const NetworkSpec&) const = default;
};

// What network() builds from: any layer will do, from a spec or your own.
struct NetworkOptions {
  nn::Layer layer;  // [batch, …input] -> [batch, outputs], before `output`
  Shape input;      // of one row: [64]
  nn::Activation output = nn::Activation::identity;
  DType dtype = DType::f32;
  std::optional<DType> in{};  // of what goes in; unset: `dtype`
  // Before the names of its blocks, which are those of the states of a graph: so that several networks fit in one.
  // Such a network predicts; it is not trained.
  std::string prefix{};
};

// The shape in which rows go into a network of `spec`. What layers hand on is the shape of a row, not a number of
// inputs: images, [height, width] or [channels, height, width], go in as [channels, height, width] and stay so until a
// layer flattens them, in this order, as dense does. Where no layer looks at the axes all `inputs` numbers are one axis
// from the start, which is the same to every layer.
Shape row_shape(const NetworkSpec& spec, const Shape& sample, std::int64_t inputs);

// What to describe a network with for training; for prediction nothing is needed.
struct DescribeOptions {
  bool training = false;
  Value position{};      // training: what random numbers depend on (nn::Scope)
  Value numbers{};       // training: of the step, [layout().numbers.size()]; may be nothing where layers asked for none
  bool fitting = false;  // layers say what they learn from all rows before the first step
  // Shown what the layers compute; the output's activation belongs to the layer "output". May be empty.
  nn::Tap tap{};
};
struct DescribedNetwork {
  nn::Output out;
  std::vector<Value> parameters;         // in layout order: what to differentiate with respect to
  std::map<std::string, Value> updates;  // next values of statistics
  std::vector<nn::Scope::Fit> fits;      // in the order in which they are to be made
  std::map<std::string, Value> state;    // parameters and statistics by name
};

class Network {
 public:
  // Describes the layers once to find their state; all parameters start at zero, statistics at their first value.
  // Throws Error if the layers do not fit.
  explicit Network(NetworkOptions options);

  const NetworkOptions& options() const { return options_; }
  const nn::StateLayout& layout() const { return layout_; }
  std::int64_t parameter_count() const { return layout_.elements; }
  std::int64_t outputs() const { return outputs_; }

  // The store of the network's blocks: all parameters, and all statistics of an element type; a trainer adds its slots.
  Store& store() { return *store_; }
  const Store& store() const { return *store_; }
  // Every parameter, as in the layout, then every statistic, and where each lies in the store.
  std::vector<StateEntry> schema() const;
  // The block of all parameters [parameter_count()], one after another.
  Tensor& parameters();
  const Tensor& parameters() const;
  // A copy of the blocks of statistics; none where no layer asked for any.
  Store statistics() const;

  // Whether initialize, set_parameter or set_parameters has been called, or a parameter is not 0. Training refuses a
  // network of several layers that is not: layers above layers of zeros learn nothing.
  bool initialized() const;
  // Gives every parameter and statistic its first values; the same seed gives the same bits. `weight` and `bias`
  // replace the layers' own initializers for tensors of two axes or more, and for the others.
  void initialize(std::uint64_t seed, std::optional<nn::Initializer> weight = {},
                  std::optional<nn::Initializer> bias = {});
  // A copy of one parameter or statistic; throws Error (with the known names) if unknown, or if the shape differs.
  // Values are converted to the entry's dtype.
  Tensor parameter(std::string_view name) const;
  void set_parameter(std::string_view name, const Tensor& value);
  Tensor statistic(std::string_view name) const;
  void set_statistic(std::string_view name, const Tensor& value);
  // All of them, one after another as in the layout: [parameter_count()], in the network's dtype. Throws Error
  // otherwise.
  void set_parameters(const Tensor& values);

  // Gives each statistic what shards of the rows have come to, combined by its own rule (nn::Combine), in f64 and in a
  // tree that depends on the number of shards alone. `shards` are their blocks of statistics, `weights` the sums of
  // their rows' weights. Throws Error unless there are as many of both, at least one, and the weights are above 0.
  void combine_statistics(std::span<const Store> shards, std::span<const double> weights);

  // The same layers with the same parameters and statistics, in another float type if one is given: then statistics of
  // the network's type are converted too. Without slots.
  Network copy(std::optional<DType> dtype = {}) const;
  // Takes the parameters and statistics of a network of the same layers, converted to this one's types.
  void copy_values(const Network& from);

  // Adds the network to `graph` for the input `in` [batch, …input]; parameters are slices of block().
  DescribedNetwork describe(Graph& graph, Value in, const DescribeOptions& options) const;
  // The same for prediction.
  nn::Output describe(Graph& graph, Value in) const;
  // The states that hold statistics take these next values, by name; the others keep theirs.
  void assign_statistics(Graph& graph, const std::map<std::string, Value>& updates) const;
  // The state that holds the block of parameters, as a value of `graph`.
  Value block(Graph& graph) const;

 private:
  void set_first_statistics();
  std::string parameter_block() const;
  std::string statistic_block(DType dtype) const;
  StateEntry entry_of(const nn::ParameterSpec& spec) const;
  StateEntry entry_of(const nn::StatisticSpec& spec) const;

  NetworkOptions options_;
  nn::StateLayout layout_;
  std::int64_t outputs_ = 0;
  bool given_ = false;            // first values
  std::unique_ptr<Store> store_;  // in one place however the network moves
};

// The layers of `spec` followed by the output layer "output" of `outputs` units. Describing it throws Error, with the
// layer and what came, if the shape of a row does not fit.
nn::Layer build_layers(const NetworkSpec& spec, std::int64_t outputs);

// SHA-256 of the bytes of all parameters, in the order of the layout, as 64 hexadecimal digits.
std::string parameters_sha256(const Network& network);

class RowPlan;

// Predicts with a fixed batch size from a network that others may use at the same time. One Predictor belongs to one
// thread; predict() allocates nothing. The network must outlive it, and its parameters must not change meanwhile.
class Predictor {
 public:
  Predictor(const Network& network, std::int64_t batch, const SessionOptions& options = {});
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;
  ~Predictor();
  // `rows` [count, …input] in the network's dtype T, count <= batch; the result [count, outputs] is valid until the
  // next call. Every row's bits are the same alone and inside any batch. Throws Error otherwise.
  template <class T>
  std::span<const T> predict(std::span<const T> rows) {
    const std::int64_t count = check_rows(DTypeOf<T>::value, static_cast<std::int64_t>(rows.size()));
    return {static_cast<const T*>(predict(rows.data(), count)), static_cast<std::size_t>(count * outputs_)};
  }

 private:
  const void* predict(const void* rows, std::int64_t count);
  std::int64_t check_rows(DType dtype, std::int64_t elements) const;

  DType dtype_;
  std::int64_t row_elements_, outputs_;
  std::unique_ptr<RowPlan> plan_;
};

// All rows at once: `rows` [count, …input] -> [count, outputs] in the network's dtype. Safe from many threads.
Tensor predict(const Network& network, const Tensor& rows, const SessionOptions& options = {});

}  // namespace hillock
