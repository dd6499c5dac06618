// Networks: layers whose parameters lie in one contiguous block, and the text that describes them.
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

// The argument of --net in parsed form: the hidden layers in order, and the output activation if the text names it.
struct NetworkSpec {
  std::vector<nn::LayerSpec> hidden;
  std::optional<nn::Activation> output;  // unset: determined by the loss

  // Parses "64, 32" or "dense 64 relu, dropout 0.2, dense 32 tanh, output sigmoid"; "" has no hidden layers. Throws
  // Error, which names the offending part and what is allowed there (nn::UnknownLayer for an unknown layer).
  static NetworkSpec parse(std::string_view text);
  // The long form, which parse() turns back into the same spec.
  std::string to_string() const;
  bool operator==(const NetworkSpec&) const = default;
};

// What a Network is constructed from. The layer may come from a spec or be your own.
struct NetworkOptions {
  nn::Layer layer;  // [batch, …input] -> [batch, outputs], without the activation `output`
  Shape input;      // of one row: [64]
  nn::Activation output = nn::Activation::identity;
  DType dtype = DType::f32;
  std::optional<DType> in{};  // the dtype of the input; unset: `dtype`
  // A prefix for the names of the network's blocks, which are also the names of the graph's states, so that several
  // networks fit into one graph. A network with a prefix predicts; it is not trained.
  std::string prefix{};
};

// The shape of the rows that a network of `spec` takes, for samples of shape `sample` that have `inputs` numbers.
// Layers pass on the shape of a row, not only a number of inputs: images, [height, width] or [channels, height, width],
// enter as [channels, height, width] and keep three axes until a layer flattens them in row-major order, as dense does.
// If no layer uses the axes of images, a row is a single axis from the start, which is equivalent.
Shape row_shape(const NetworkSpec& spec, const Shape& sample, std::int64_t inputs);

// How to describe a network for training; for prediction the defaults suffice.
struct DescribeOptions {
  bool training = false;
  Value position{};  // training: the value that random numbers depend on (nn::Scope)
  Value numbers{};   // training: the step's numbers, [layout().numbers.size()]; may refer to nothing if there are none
  bool fitting = false;  // let layers ask for what they fit to all rows before the first training step
  // Called with what the layers compute; the output activation belongs to the layer "output". May be empty.
  nn::Tap tap{};
};
struct DescribedNetwork {
  nn::Output out;
  std::vector<Value> parameters;         // in layout order, to differentiate with respect to
  std::map<std::string, Value> updates;  // the next values of statistics, by name
  std::vector<nn::Scope::Fit> fits;      // in the order in which they must be computed
  std::map<std::string, Value> state;    // the parameters and statistics, by name
};

class Network {
 public:
  // Describes the layers once to find out which state they need. Parameters start at zero, statistics at their first
  // values. Throws Error if the layers do not fit together.
  explicit Network(NetworkOptions options);

  const NetworkOptions& options() const { return options_; }
  const nn::StateLayout& layout() const { return layout_; }
  std::int64_t parameter_count() const { return layout_.elements; }
  std::int64_t outputs() const { return outputs_; }

  // The store of the network's blocks: one of all parameters, and one of the statistics of each element type. A trainer
  // adds the optimizer's slots.
  Store& store() { return *store_; }
  const Store& store() const { return *store_; }
  // Every parameter in layout order, then every statistic, each with its place in the store.
  std::vector<StateEntry> schema() const;
  // The block of all parameters, [parameter_count()], in layout order.
  Tensor& parameters();
  const Tensor& parameters() const;
  // A copy of the blocks of statistics; empty if no layer has any.
  Store statistics() const;

  // Whether initialize, set_parameter or set_parameters has been called, or some parameter is not 0. Training refuses a
  // network of several layers that is not initialized: layers above layers of zeros learn nothing.
  bool initialized() const;
  // Sets every parameter and statistic to its first values; the same seed gives the same bits. `weight` replaces the
  // layers' own initializers for tensors of two or more axes, `bias` for the others.
  void initialize(std::uint64_t seed, std::optional<nn::Initializer> weight = {},
                  std::optional<nn::Initializer> bias = {});
  // Get a copy of, or set, one parameter or statistic by name; a value is converted to the entry's dtype. Throw Error,
  // which lists the known names, if the name is unknown, or if the shape differs.
  Tensor parameter(std::string_view name) const;
  void set_parameter(std::string_view name, const Tensor& value);
  Tensor statistic(std::string_view name) const;
  void set_statistic(std::string_view name, const Tensor& value);
  // Sets all parameters, in layout order: [parameter_count()] of the network's dtype. Throws Error for any other type.
  void set_parameters(const Tensor& values);

  // Sets each statistic to the combination of the values that it has in several shards of the rows, by its own rule
  // (nn::Combine), in f64 and in a tree that depends only on the number of shards. `shards` are their blocks of
  // statistics, `weights` the sums of the weights of their rows. Throws Error unless there are equally many of both, at
  // least one, and all weights are above 0.
  void combine_statistics(std::span<const Store> shards, std::span<const double> weights);

  // A copy of the layers, parameters and statistics, without slots. If `dtype` is given, parameters, and statistics of
  // the network's dtype, are converted to it.
  Network copy(std::optional<DType> dtype = {}) const;
  // Copies the parameters and statistics of a network with the same layers, converted to this one's dtypes.
  void copy_values(const Network& from);

  // Adds the network to `graph` with the input `in` [batch, …input]; the parameters are slices of block().
  DescribedNetwork describe(Graph& graph, Value in, const DescribeOptions& options) const;
  // The same for prediction.
  nn::Output describe(Graph& graph, Value in) const;
  // Assigns these next values, by name, to the states that hold statistics; other statistics keep their values.
  void assign_statistics(Graph& graph, const std::map<std::string, Value>& updates) const;
  // The state that holds the block of all parameters, as a value of `graph`.
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

// The layers of `spec` followed by the output layer "output" with `outputs` units. Describing it throws Error, which
// names the layer and the shape, if shapes do not fit.
nn::Layer build_layers(const NetworkSpec& spec, std::int64_t outputs);

// SHA-256 of the bytes of all parameters, in the order of the layout, as 64 hexadecimal digits.
std::string parameters_sha256(const Network& network);

class RowPlan;

// Predicts batches of up to `batch` rows without allocating. A Predictor must be used by one thread at a time; several
// may use the same network at once. The network must outlive it, and its parameters must not change meanwhile.
class Predictor {
 public:
  Predictor(const Network& network, std::int64_t batch, const SessionOptions& options = {});
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;
  ~Predictor();
  // Predicts for `rows` [count, …input], where T is the network's dtype and count <= batch; throws Error otherwise. The
  // result [count, outputs] is valid until the next call. A row's result has the same bits alone and in any batch.
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

// Predicts for any number of rows: `rows` [count, …input] -> [count, outputs] in the network's dtype. Thread-safe.
Tensor predict(const Network& network, const Tensor& rows, const SessionOptions& options = {});

}  // namespace hillock
