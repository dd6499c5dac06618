// Layers, the state that they ask for, and the scope in which they describe themselves. A layer computes nothing: it is
// a function from graph values to graph values. Also includes activations, initializers and losses.
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

// Factors that an optimizer applies to some parameters. Parameters with equal factors form one group and are adjacent
// in the network's block. With learning rate r and weight decay d, a group is updated with the rate r * rate and the
// decay d * decay. A rate of 0 freezes its parameters.
struct ParameterGroup {
  double rate = 1;
  double decay = 1;
  bool operator==(const ParameterGroup&) const = default;
};

// One parameter tensor of a network and its place in the network's contiguous block.
struct ParameterSpec {
  std::string name;  // "dense1.weight"
  Shape shape;       // a weight is [in, out]
  Initializer initializer;
  std::int64_t fan_in = 1;
  std::int64_t fan_out = 1;
  std::int64_t offset = 0;  // elements from the start of the block
  ParameterGroup group{};
};

// How the values of a statistic in several shards of the rows are combined. weighted_mean: by the sums of row weights.
enum class Combine : std::uint8_t { mean, weighted_mean, sum, min, max };

// The options of a statistic: numbers that a network learns, but not by gradient descent.
struct StatisticOptions {
  double first = 0;  // the value of all elements before anything has been learned
  Combine combine = Combine::mean;
  std::optional<DType> dtype{};  // unset: the network's
  std::vector<double> values{};  // replaces `first` with one value per element, such as statistics fitted elsewhere
};
struct StatisticSpec {
  std::string name;  // "norm1.mean"
  TensorType type;
  double first = 0;
  std::vector<double> values{};
  Combine combine = Combine::mean;
  std::int64_t offset = 0;  // elements from the start of the block of its element type
};

// The progress of a training run, for numbers that change from step to step.
struct Progress {
  std::int64_t step = 1;   // the current training step; the first is 1
  std::int64_t steps = 0;  // the steps of the whole run; 0: unknown
  double rate = 0;         // the learning rate of this step
  // The completed share, from nearly 0 at the first step to 1 at the last; 0 if the number of steps is unknown.
  double share() const { return steps > 0 ? static_cast<double>(step) / static_cast<double>(steps) : 0; }
};
// A number that the host computes at every training step. It may depend only on its argument.
using StepNumber = std::function<double(const Progress& progress)>;
struct NumberSpec {
  std::string name;  // "dropout1.rate"
  StepNumber value;
};

// How a statistic or a parameter is fitted to all training rows before the first training step. `reduction` reduces a
// value over the rows in order, each counted by its weight (not at all if the weight is 0), in f64 and in an order of
// additions that depends only on the number of rows. `take` computes the entry's new value from the result; on entry
// `value` holds the current one. If `take` is empty, the result is the new value.
struct FitRule {
  enum class Reduction : std::uint8_t { mean, sum, min, max };
  Reduction reduction = Reduction::mean;
  std::function<void(std::span<const double> reduced, std::span<double> value)> take{};
};

// Everything that the layers of a network asked for, in the order of asking. Parameters, however, are ordered by group:
// first the one with factors of 1, then the others in the order of their first parameters.
struct StateLayout {
  struct Group {
    ParameterGroup factors;
    std::int64_t begin = 0, end = 0;  // elements of the block
    bool operator==(const Group&) const = default;
  };

  std::vector<ParameterSpec> parameters;  // one after another without gaps
  std::int64_t elements = 0;              // the number of elements of all parameters
  std::vector<Group> groups;
  std::vector<StatisticSpec> statistics;
  std::vector<NumberSpec> numbers;
  std::vector<std::string> fits;  // the names of the entries that are fitted before the first training step

  // nullptr if unknown.
  const ParameterSpec* find(std::string_view name) const;
  const StatisticSpec* find_statistic(std::string_view name) const;
  std::int64_t statistic_elements(DType dtype) const;  // the number of elements of the block of this dtype
  // Sorts the parameters by group and sets their offsets.
  void arrange();
};

// The options of a layer by name: units, a dropout rate, an activation.
class LayerAttributes {
 public:
  using Item = std::variant<std::int64_t, double, Activation, std::string>;

  LayerAttributes() = default;
  LayerAttributes(std::initializer_list<std::pair<const std::string, Item>> items);

  // Each throws Error if there is no attribute of that name, or if it has another type.
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

// A value of a network that can be observed or replaced: a layer's result before its activation (z) or after it (a).
struct TapPoint {
  enum class Stage : std::uint8_t { z, a };
  std::string layer{};                  // "dense1", as in the names of its parameters
  const LayerRecord* record = nullptr;  // nullptr: a function without a record
  Stage stage = Stage::a;
  LayerAttributes attributes{};  // the attributes to show with it: {"activation": tanh}
  std::vector<Value> in{};       // the layer's inputs
};
// Called with each such value while a network describes itself. The value that it returns is used instead.
using Tap = std::function<Value(Graph& graph, const TapPoint& point, Value value)>;

// An activation that a layer applied, and its input.
struct Activated {
  std::string layer;  // "dense1"
  Activation activation = Activation::identity;
  Value in;  // [batch, units]
};

class Scope;
// A function from a layer's input to its output. It must be copyable and callable when const: a lambda that is declared
// `mutable` is refused.
template <class F>
concept LayerFunction = std::copy_constructible<std::remove_cvref_t<F>> &&
    requires(const std::remove_cvref_t<F>& function, Scope& scope, Value in) {
  { function(scope, in) } -> std::same_as<Value>;
};

// A layer: from its input [batch, …] to its output [batch, …]. Make your own from any LayerFunction; a layer that has a
// word in the text of networks needs a record (hillock/layer.h).
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

// What a layer uses while it describes itself: the graph, its state, its name, its random numbers.
class Scope {
 public:
  // A value to reduce over all rows, and the rule that turns the result into a statistic or parameter.
  struct Fit {
    std::string name;  // the statistic or parameter
    Value rows;        // [batch, …]
    FitRule rule;
  };

  // A scope that records into `collected` which state the layers ask for; each parameter and statistic becomes a state
  // of its own in `graph`.
  Scope(Graph& graph, DType dtype, bool training, StateLayout& collected);
  // A scope in which parameters are slices of `block`, a value of shape [layout.elements], and statistics are slices of
  // the states that hold their blocks. `position` is the input of ops::random_uniform (i64[3]), and `numbers` are the
  // step's numbers, [layout.numbers.size()]; both are needed only for training.
  Scope(Graph& graph, DType dtype, bool training, const StateLayout& layout, Value block, Value position,
        Value numbers = {});

  Graph& graph() { return *graph_; }
  DType dtype() const { return dtype_; }
  bool training() const { return training_; }
  // Whether layers may fit statistics and parameters to all rows: before the first training step, not during training.
  bool fitting() const { return fitting_; }
  void set_fitting() { fitting_ = true; }

  // A new name for a layer: "dense1", "dense2", … in the order of the calls. Inside another layer names begin with that
  // layer's name and are counted separately: "residual1.dense1".
  std::string next_name(std::string_view word);
  // `name` with the names of the enclosing layers: "output", or inside another layer "residual1.output".
  std::string full_name(const std::string& name) const { return prefix_ + name; }
  // Describes `layer` inside the layer named `holder` ("residual1"), with whose name all names in it begin.
  Value describe_inside(const std::string& holder, const Layer& layer, Value in);
  // The parameter `name` (the full name, "dense1.weight"). Throws Error if the name is in use, or if a factor of
  // `group` is negative or not finite.
  Value parameter(const std::string& name, const Shape& shape, const Initializer& initializer, std::int64_t fan_in,
                  std::int64_t fan_out, const ParameterGroup& group = {});
  // The statistic `name` (the full name, "norm1.mean") at the start of a training step. Throws Error if the name is in
  // use.
  Value statistic(const std::string& name, const Shape& shape, const StatisticOptions& options = {});
  // Makes the statistic `name` take the value `next` when the training step's update is applied, which does not happen
  // if a plan is only evaluated, or if the loss or the gradient is not finite. Ignored outside training. Throws Error
  // if this scope has no such statistic, it already has a next value, or the types differ.
  void update_statistic(const std::string& name, Value next);
  // Makes the statistic or parameter `name` take, before the first training step, the value that `rule` computes from
  // `rows` [batch, …] over all training rows. `rows` may depend on what was fitted by earlier calls. Ignored unless
  // fitting().
  void fit(const std::string& name, Value rows, FitRule rule);
  // A scalar that the host computes at each training step, such as a dropout rate that follows a schedule. Only in
  // training. Throws Error if the name is in use.
  Value number(const std::string& name, const StepNumber& value);
  // Uniform values in [0, 1), new at every training step, that depend only on the seed, `name`, the step and the row.
  // Only in training.
  Value random_uniform(const std::string& name, const Shape& shape);
  // Passes `value` to the tap, if there is one, and returns the value with which the layer must continue.
  Value tap(const TapPoint& point, Value value) { return tap_ ? tap_(*graph_, point, value) : value; }
  void set_tap(Tap tap) { tap_ = std::move(tap); }
  // The prefix of the names of the states that hold statistics (NetworkOptions::prefix).
  void set_state_prefix(std::string prefix) { state_prefix_ = std::move(prefix); }
  // Applies `activation` to `x` for the layer `name` ("" for the layer of the previous call) and records it in
  // activated(), so that stuck units can be found.
  Value activate(const std::string& name, Value x, Activation activation);
  const std::vector<Activated>& activated() const { return activated_; }
  // The parameters and statistics described so far, by name.
  const std::map<std::string, Value>& parameters() const { return parameters_; }
  const std::map<std::string, Value>& statistics() const { return statistics_; }
  // The next values of statistics, by name, and the values to fit, in the order of the calls.
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
  std::optional<Initializer> weight{};  // unset: default_initializer(activation)
  Initializer bias{.kind = Initializer::Kind::zeros};
  bool use_bias = true;
};
// out = activation(in W + b) with W [in, units] and b [units]; an input of more than two axes is flattened first.
Layer dense(std::int64_t units, DenseOptions options = {});
// In training, sets each element to 0 with probability `rate` and divides the others by 1 - rate (Srivastava et al.
// 2014); otherwise returns its input. Throws Error unless 0 <= rate < 1.
Layer dropout(double rate);
Layer activation(Activation activation);

// An embedding table: a learned vector of `width` numbers for each of `categories`. In training, a category is replaced
// by the unknown category with probability `unknown`, which keeps the network from memorizing rare categories and
// teaches it to do without them.
struct Embedding {
  std::int64_t categories = 0;
  std::int64_t width = 0;
  double unknown = 0;
  bool operator==(const Embedding&) const = default;
};
// Replaces the last numbers of a row, one for each of `tables`, with embeddings: [batch, plain + tables] ->
// [batch, plain + widths]. Each of these numbers is a category, counted from 0, and becomes its row of
// "embedding1.weight" [categories, width], "embedding2.weight", …, or zeros if it is the number after the last
// category. The numbers before them do not change. Equivalent to one-hot inputs followed by a dense layer without bias
// (Bengio et al. 2003; for tables Guo & Berkhahn 2016). The tables start as normal numbers with standard deviation 0.1.
Layer embed(std::vector<Embedding> tables);
// Applies `layers` one after another.
Layer sequential(std::vector<Layer> layers);
// The input plus the output of `inside` (He et al. 2016), which must have the same shape. Names in `inside` begin with
// the name of this layer: "residual1.dense1.weight".
Layer residual(Layer inside);

// --- layers before and after a network: they have statistics and no parameters ---

// (in − offset) · factor with "scale1.offset" and "scale1.factor" [columns], computed in f64 and rounded once to the
// network's dtype. Throws Error unless there are equally many offsets and factors.
Layer scale(std::vector<double> offset, std::vector<double> factor);
// The inverse of scale(), up to rounding: in / factor + offset.
Layer unscale(std::vector<double> offset, std::vector<double> factor);
// Replaces NaN (a missing number) with the column's entry of "impute1.fill" [columns]. The output, and `fill`, have
// type `dtype`.
Layer impute(std::vector<double> fill, DType dtype);
// 1 if a cell is missing, else 0. Missing is NaN, and −1 in columns for which `categorical` is 1
// ("missing1.categorical").
Layer missing_indicator(std::vector<double> categorical);
// One-hot encoding of columns that hold category numbers: column i becomes categories[i] outputs, 1 at the row's
// category and 0 elsewhere; columns with 0 categories are left out. A number that is not a category (unknown, missing)
// sets all of them to 0.
Layer one_hot(std::vector<std::int64_t> categories);
// Category numbers for embed(): NaN and −1 (missing) become the number after the last category.
Layer category_number(std::vector<std::int64_t> categories);

// What recurs in times: the hour, the weekday, the day of the year.
enum class Cycle : std::uint8_t { day, week, year };
// Returns "day", "week" or "year".
std::string_view name_of(Cycle cycle);
// Throws Error for any other name.
Cycle cycle_from_name(std::string_view name);
// Its length: 86400, 604800 or 31556952 seconds (the mean year of the Gregorian calendar).
double seconds_of(Cycle cycle);
// The place of a time, in seconds since 1970-01-01 00:00, in the cycle: an angle in radians, up to whole turns. Days
// begin at midnight and weeks on Sunday, and all of a day is at the same place in the week. Years are mean years from
// the beginning of 1970, so that a date is within a day of its place in the calendar year.
double angle_of(Cycle cycle, double seconds);
// The sines, followed by the cosines, of the places of the times in the columns' cycles, in the order of the columns; 0
// if a time is missing (NaN). Computed in f64 and rounded once to the network's dtype, with "cycles1.column",
// "cycles1.offset", "cycles1.whole-days" and "cycles1.factor" [cycles].
Layer cycles(const std::vector<std::vector<Cycle>>& of_columns);

// The inputs that one column of a raw row becomes.
struct ColumnInputs {
  std::int64_t categories = 0;  // 0: a numeric column
  std::vector<Cycle> cycles{};  // adds the sine and cosine of each to the number of a numeric column: cycles()
  bool missing = false;         // adds a missing_indicator() after the others
  bool embedded = false;        // adds a category_number() after the inputs of all columns, in place of one_hot()
};
// [batch, columns] -> [batch, inputs]: the inputs of each column, in the order of the columns. `numbers` transforms the
// numeric columns; it receives all columns, and its results for the other columns are discarded.
Layer columns(std::vector<ColumnInputs> columns, Layer numbers);

}  // namespace hillock::nn
