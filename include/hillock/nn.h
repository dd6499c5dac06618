// Layers, the state that they ask for, and what they need to describe themselves. They only describe: each is a
// function from graph values to graph values. Activations, initializers and losses come with it.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hillock/activation.h"
#include "hillock/graph.h"
#include "hillock/initializer.h"
#include "hillock/loss.h"
#include "hillock/tensor.h"

namespace hillock::nn {

struct LayerRecord;  // hillock/layer.h

// Parameters with the same factors are one group and lie side by side in the network's block. An optimizer at the rate
// r with the weight decay d treats them as at r * rate with d * decay. A rate of 0 leaves them as they are.
struct ParameterGroup {
  double rate = 1;
  double decay = 1;
  bool operator==(const ParameterGroup&) const = default;
};

// One parameter tensor of a network and where it lies in the network's contiguous block.
struct ParameterSpec {
  std::string name;  // "dense1.weight"
  Shape shape;       // a weight is [in, out]
  Initializer initializer;
  std::int64_t fan_in = 1;
  std::int64_t fan_out = 1;
  std::int64_t offset = 0;  // elements from the start of the block
  ParameterGroup group{};
};

// How the values that shards of the rows have come to become one. weighted_mean: by the weights of the shards' rows.
enum class Combine : std::uint8_t { mean, weighted_mean, sum, min, max };

// What a statistic is: a number that a network learns, but not by gradient.
struct StatisticOptions {
  double first = 0;  // the value of all its elements before anything is learnt
  Combine combine = Combine::mean;
  std::optional<DType> dtype{};  // unset: the network's
  std::vector<double> values{};  // instead of `first`: one for each element, of something that was learnt elsewhere
};
struct StatisticSpec {
  std::string name;  // "norm1.mean"
  TensorType type;
  double first = 0;
  std::vector<double> values{};
  Combine combine = Combine::mean;
  std::int64_t offset = 0;  // elements from the start of the block of its element type
};

// Where a training stands, for numbers that change from step to step.
struct Progress {
  std::int64_t step = 1;   // that is computed; the first is 1
  std::int64_t steps = 0;  // of the whole run; 0: not known
  double rate = 0;         // the learning rate of this step
  // 0 before the first step, 1 at the last; 0 where the number of steps is not known.
  double share() const { return steps > 0 ? static_cast<double>(step) / static_cast<double>(steps) : 0; }
};
// A number that the host feeds at each step. It depends on its argument alone.
using StepNumber = std::function<double(const Progress& progress)>;
struct NumberSpec {
  std::string name;  // "dropout1.rate"
  StepNumber value;
};

// How a statistic or a parameter is learnt from all training rows before the first step. `reduction` is taken over the
// rows in their order, each counted by its weight (a weight of 0: not at all), in f64 and in an order of additions that
// depends on the number of rows alone. `take` turns it into the entry's new value; `value` holds the present one.
// Without `take` the reduction is the value.
struct FitRule {
  enum class Reduction : std::uint8_t { mean, sum, min, max };
  Reduction reduction = Reduction::mean;
  std::function<void(std::span<const double> reduced, std::span<double> value)> take{};
};

// All that layers asked for, in the order of asking, except that parameters are ordered by group: those with factors of
// 1 first, the other groups as they came.
struct StateLayout {
  struct Group {
    ParameterGroup factors;
    std::int64_t begin = 0, end = 0;  // elements of the block
    bool operator==(const Group&) const = default;
  };

  std::vector<ParameterSpec> parameters;  // one after another without gaps
  std::int64_t elements = 0;              // of all parameters
  std::vector<Group> groups;
  std::vector<StatisticSpec> statistics;
  std::vector<NumberSpec> numbers;
  std::vector<std::string> fits;  // the names of what is learnt before the first step

  // nullptr if unknown.
  const ParameterSpec* find(std::string_view name) const;
  const StatisticSpec* find_statistic(std::string_view name) const;
  std::int64_t statistic_elements(DType dtype) const;  // of the block of this type
  // Puts the parameters into the order of their groups.
  void arrange();
};

// The options of a layer by name: units, a rate, an activation.
class LayerAttributes {
 public:
  using Item = std::variant<std::int64_t, double, Activation, std::string>;

  LayerAttributes() = default;
  LayerAttributes(std::initializer_list<std::pair<const std::string, Item>> items);

  // Each throws Error if there is none of that name, or if it is of another kind.
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  Activation activation(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  bool has(std::string_view name) const;
  void set(std::string name, Item item);
  const std::map<std::string, Item, std::less<>>& items() const { return items_; }

  bool operator==(const LayerAttributes&) const = default;

 private:
  template <class T>
  const T& find(std::string_view name, const char* kind) const;
  std::map<std::string, Item, std::less<>> items_;
};

// A place in a network that one may look at: what a layer computes before its activation (z) and after it (a).
struct TapPoint {
  enum class Stage : std::uint8_t { z, a };
  std::string layer{};                  // "dense1", as in the names of its parameters
  const LayerRecord* record = nullptr;  // what it is; nullptr: a function that does not say
  Stage stage = Stage::a;
  LayerAttributes attributes{};  // those that are shown with it: {"activation": tanh}
  std::vector<Value> in{};       // what the layer was given
};
// Called with each such value while a network describes itself; what it returns goes on in its place.
using Tap = std::function<Value(Graph& graph, const TapPoint& point, Value value)>;

// An activation that a layer described: whose it is and what goes into it.
struct Activated {
  std::string layer;  // "dense1"
  Activation activation = Activation::identity;
  Value in;  // [batch, units]
};

class Scope;
// A function from a layer's input to its output.
template <class F>
concept LayerFunction = std::copy_constructible<std::remove_cvref_t<F>> &&
    requires(const std::remove_cvref_t<F>& function, Scope& scope, Value in) {
  { function(scope, in) } -> std::same_as<Value>;
};

// A layer: from its input [batch, …] to its output [batch, …]. Your own is any function of this kind; one that has a
// word in the text of a network is a record (hillock/layer.h).
class Layer {
 public:
  Layer() = default;
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Layer> && LayerFunction<F>) Layer(F&& function)
      : function_(std::forward<F>(function)) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  Value operator()(Scope& scope, Value in) const { return function_(scope, in); }

 private:
  std::function<Value(Scope& scope, Value in)> function_;
};

// What a layer needs while it describes itself: the graph, its state, its name, its random numbers.
class Scope {
 public:
  // A value that is to be reduced over all rows, and what becomes of it.
  struct Fit {
    std::string name;  // of a statistic or a parameter
    Value rows;        // [batch, …]
    FitRule rule;
  };

  // A scope that finds out what there is; each parameter and statistic becomes a state of its own in `graph`.
  Scope(Graph& graph, DType dtype, bool training, StateLayout& collected);
  // A scope in which parameters are slices of `block`, a value of shape [layout.elements], and statistics of the states
  // that hold theirs. `position` is the input of ops::random_uniform (i64[3]) and `numbers` those of the step
  // [layout.numbers.size()]; both are needed only when training.
  Scope(Graph& graph, DType dtype, bool training, const StateLayout& layout, Value block, Value position,
        Value numbers = {});

  Graph& graph() { return *graph_; }
  DType dtype() const { return dtype_; }
  bool training() const { return training_; }
  // Whether layers may learn from all rows: before the first step, not while training.
  bool fitting() const { return fitting_; }
  void set_fitting() { fitting_ = true; }

  // "dense1", "dense2", … in the order of asking; in a layer that holds others "residual1.dense1", counted anew in
  // each.
  std::string next_name(std::string_view word);
  // "output" as it is, in a layer that holds others "residual1.output".
  std::string full_name(const std::string& name) const { return prefix_ + name; }
  // Describes `layer` as one that the layer `holder` ("residual1") holds: all names in it begin with that of the
  // holder.
  Value describe_inside(const std::string& holder, const Layer& layer, Value in);
  // The parameter `name` (full: "dense1.weight"). Throws Error if the name was used before, or if a factor of its group
  // is negative or not finite.
  Value parameter(const std::string& name, const Shape& shape, const Initializer& initializer, std::int64_t fan_in,
                  std::int64_t fan_out, const ParameterGroup& group = {});
  // The statistic `name` (full: "norm1.mean") as it is at the start of a step. Throws Error if the name was used
  // before.
  Value statistic(const std::string& name, const Shape& shape, const StatisticOptions& options = {});
  // In training the statistic `name` takes the value `next` when the step's update is applied: not when a plan is
  // merely evaluated, and not when the loss or the gradient is not finite. Ignored outside training. Throws Error if
  // this scope has no such statistic, it was given a next value before, or the types differ.
  void update_statistic(const std::string& name, Value next);
  // Before the first step of a training the statistic or parameter `name` takes what `rule` makes of `rows` [batch, …]
  // over all training rows; `rows` may depend on what was fitted before it. Ignored unless fitting().
  void fit(const std::string& name, Value rows, FitRule rule);
  // A scalar that the host computes anew at each step: a dropout rate or a share that follows a schedule. Training
  // only. Throws Error if the name was used before.
  Value number(const std::string& name, const StepNumber& value);
  // Uniform values in [0, 1), new at every step, that depend on seed, `name`, step and row only. Training only.
  Value random_uniform(const std::string& name, const Shape& shape);
  // Shows `value` to whoever looks at the network, if anyone does; the layer goes on with what comes back.
  Value tap(const TapPoint& point, Value value) { return tap_ ? tap_(*graph_, point, value) : value; }
  void set_tap(Tap tap) { tap_ = std::move(tap); }
  // What the names of the states that hold statistics begin with (NetworkOptions::prefix).
  void set_state_prefix(std::string prefix) { state_prefix_ = std::move(prefix); }
  // Activates `x` for the layer `name` ("" is the layer that was activated last) and remembers it: so units that have
  // become useless can be found.
  Value activate(const std::string& name, Value x, Activation activation);
  const std::vector<Activated>& activated() const { return activated_; }
  // The parameters and statistics described so far, by name.
  const std::map<std::string, Value>& parameters() const { return parameters_; }
  const std::map<std::string, Value>& statistics() const { return statistics_; }
  // Next values of statistics, by name, and what is to be fitted, in the order of asking.
  const std::map<std::string, Value>& updates() const { return updates_; }
  const std::vector<Fit>& fits() const { return fits_; }

 private:
  bool collecting() const { return collected_ != nullptr; }
  void require_new(const std::string& name) const;
  Value slice_of(Value block, std::int64_t offset, const Shape& shape, const std::string& name);

  Graph* graph_;
  DType dtype_;
  bool training_;
  bool fitting_ = false;
  StateLayout* collected_ = nullptr;
  const StateLayout* layout_ = nullptr;
  Value block_;
  Value position_;
  Value numbers_;
  Tap tap_;
  std::string prefix_;  // "residual1." while a layer that it holds describes itself
  std::string state_prefix_;
  std::map<std::string, int, std::less<>> counts_;
  std::map<std::string, Value> parameters_, statistics_, updates_;
  std::vector<Fit> fits_;
  std::vector<Activated> activated_;
};

struct DenseOptions {
  Activation activation = Activation::identity;
  std::string name{};                   // empty: dense1, dense2, …
  std::optional<Initializer> weight{};  // nothing: what suits the activation
  Initializer bias{.kind = Initializer::Kind::zeros};
  bool use_bias = true;
};
// out = activation(in W + b), W [in, units], b [units]; an input of more than two axes is flattened first.
Layer dense(std::int64_t units, DenseOptions options = {});
// While training sets each element to 0 with probability `rate` and divides the others by 1 - rate (Srivastava et al.
// 2014); otherwise does nothing. Throws Error unless 0 <= rate < 1.
Layer dropout(double rate);
Layer activation(Activation activation);

// A table with a row of `width` learnt numbers for each of `categories`. While training a category is taken for an
// unknown one with probability `unknown`: so that few rows of a category are not learnt by heart, and the network knows
// what to do without it.
struct Embedding {
  std::int64_t categories = 0;
  std::int64_t width = 0;
  double unknown = 0;
  bool operator==(const Embedding&) const = default;
};
// The last numbers of a row are categories, one number for each of `tables`, from 0; each is replaced by its row of
// "embedding1.weight" [categories, width], "embedding2.weight" …, or by zeros if it is the number after the last
// category. The numbers before them stay as they are: [batch, plain + tables] -> [batch, plain + widths]. What a dense
// layer without bias makes of an input for each category, without these inputs (Bengio et al. 2003; for tables Guo &
// Berkhahn 2016). Begins as normal numbers of deviation 0.1.
Layer embed(std::vector<Embedding> tables);
// One after another.
Layer sequential(std::vector<Layer> layers);
// What comes in plus what `inside` makes of it (He et al. 2016), which must have the same shape. Names in `inside`
// begin with that of this layer: "residual1.dense1.weight".
Layer residual(Layer inside);

// --- what stands before a network and behind it: layers that have statistics and no parameters ---

// (in − offset) · factor, each column by numbers of its own, in f64 and rounded once to the network's type:
// "scale1.offset" and "scale1.factor" [columns]. Throws Error unless there are as many of both.
Layer scale(std::vector<double> offset, std::vector<double> factor);
// What scale() has done is undone, up to rounding: in / factor + offset.
Layer unscale(std::vector<double> offset, std::vector<double> factor);
// A missing number, NaN, becomes its column's "impute1.fill" [columns], in `dtype`, which the others are converted to.
Layer impute(std::vector<double> fill, DType dtype);
// 1 where a cell is missing, else 0: NaN, and −1 in the columns for which `categorical` is 1 ("missing1.categorical").
Layer missing_indicator(std::vector<double> categorical);
// Of columns that hold numbers of categories: 1 at the row's own category and 0 at the others. Column i has
// categories[i] of them, from 0; 0: it is left out. A number that is none of them (unknown, missing) leaves all at 0.
Layer one_hot(std::vector<std::int64_t> categories);
// Numbers of categories for embed(): a missing one, NaN or −1, becomes the number after the last.
Layer category_number(std::vector<std::int64_t> categories);

// What becomes of a column of a row as it was read.
struct ColumnInputs {
  std::int64_t categories = 0;  // 0: it holds numbers
  bool missing = false;         // one more input, behind the others: missing_indicator()
  bool embedded = false;        // its category_number() comes behind the inputs of all columns, not one_hot()
};
// [batch, columns] -> [batch, inputs]: the inputs that each column has, in the order of the columns. `numbers` makes
// them of columns of numbers; it is given all columns, and what it makes of others is left out.
Layer columns(std::vector<ColumnInputs> columns, Layer numbers);

}  // namespace hillock::nn
