// A trained network with everything that is needed to use it, and the file format that stores it
// (docs/model-format.md).
//
// A const Model may be used by many threads at once. Loading executes nothing in a file and trusts nothing in it: every
// name, number and shape is checked against the network that the file describes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "hillock/data.h"
#include "hillock/encoding.h"
#include "hillock/graph.h"
#include "hillock/metrics.h"
#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/number_format.h"
#include "hillock/safetensors.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

class FileWriter;
struct Examples;

// A model in a graph, from the raw row to the prediction.
struct DescribedModel {
  Value prepared;  // [batch, …], the network's input
  nn::Output out;  // the network's output
  Value answer;    // the prediction, [batch, outputs] in Model::prediction_dtype()
};

// Rows and targets in the form in which the network learns from them; Model::prepare makes them from a Dataset.
// Whatever depends neither on a parameter nor on random numbers is computed here once instead of in every step.
struct PreparedRows {
  Tensor features;  // [rows, inputs]
  Tensor targets;   // i32 [rows], or [rows, outputs] of the features' dtype
  Tensor weights;   // [rows] of the features' dtype; empty if all rows count equally

  std::int64_t rows() const { return features.raw() == nullptr ? 0 : features.shape()[0]; }
  bool has_weights() const { return weights.raw() != nullptr; }
  // The rows for training or evaluation. The result borrows the tensors, which must outlive it.
  Examples examples() const;
};
// The rows to train on, the rows that choose the best epoch, and the rows that choose nothing.
struct PreparedSplits {
  PreparedRows train;
  std::optional<PreparedRows> validation{}, test{};
};

// Movable. Initialize all fields, `network` first.
//
// A model is a chain of three networks. preparation() turns a raw row into the input of `network`, and answer() turns
// the output of `network` into numbers in the units of the target. These two have statistics, fitted to the training
// rows, but no parameters, so they are computed once per row before training. describe() puts all three into one graph.
struct Model {
  Network network;   // [rows, …row_shape()] -> [rows, outputs], with its parameters
  NetworkSpec spec;  // what `network` was built from; `output` is set
  Task task = Task::classification;
  std::string target;  // the name of the predicted column; the names joined by commas if there are several targets
  std::vector<std::string> target_names{};  // several targets: the name of each output; empty for one target
  std::vector<std::string> columns;         // the names of the features, in order
  std::vector<std::string> classes;         // classification: by class number; one output: the probability of [1]
  Shape sample_shape;                       // of one row: [columns], or [height, width] for images
  Scaler features;                          // the scaling of numeric columns, one entry per column
  Encoding encoding{};                      // the encoding of categories and missing cells; empty: there are none
  std::optional<std::vector<std::string>> missing_tokens{};  // cells that count as missing; unset: the default ones
  NumberFormats formats{};  // of columns and targets whose numbers are not written plainly
  // For an f32 network: raw rows are f64, because f32 cannot distinguish some of their numbers (ReadOptions::widen).
  bool rows_in_f64 = false;
  Scaler targets;  // regression: the scaling of the targets, one entry per output, which predictions undo
  nn::LossKind loss = nn::LossKind::cross_entropy;
  double label_smoothing = 0;
  double loss_parameter = 0;    // nn::LossOptions::parameter
  std::string training = "{}";  // a JSON object: how the model was trained and its scores (docs/model-format.md)

  // Predicts for raw rows [count, columns], f32 or f64, with categories as their number in `encoding` and missing cells
  // as NaN (a missing category may also be −1). Returns [count, outputs] in prediction_dtype(), after the output
  // activation; regression in the units of the targets. f64 rows are scaled before they are rounded to the dtype of an
  // f32 network. If rows_in_f64, f32 rows lack the precision that the model needs. Thread-safe. Throws Error if the
  // number of columns differs from the model's.
  Tensor predict(const Tensor& rows, const SessionOptions& options = {}) const;
  // The same with another network of the same layers, for example while it is being trained.
  Tensor predict(const Tensor& rows, const Network& with, const SessionOptions& options = {}) const;
  // The network's dtype, or f64 if f32 cannot represent the target precisely enough (rows_in_f64).
  DType prediction_dtype() const { return prediction_dtype(network.options().dtype); }
  // The name of each target, whether there is one or several.
  std::vector<std::string> all_targets() const {
    return target_names.empty() ? std::vector<std::string>{target} : target_names;
  }
  // How to read data for this model: its targets, task, columns, classes and the dtype of its raw rows.
  ReadOptions read_options() const;

  // The layers before the network: [count, columns] of dtype `rows`, f32 or f64 -> [count, inputs] of dtype `to`.
  Network preparation(DType rows, DType to) const;
  // The layers after `with`, a network of the same layers as the model's: [count, outputs] of its dtype ->
  // [count, outputs] in prediction_dtype().
  Network answer(const Network& with) const;
  // Adds the whole model to `graph`, from raw `rows` [batch, columns] to the prediction, with a network of the same
  // layers as the model's. The states of a plan of it are in fitted() and in the network's store.
  DescribedModel describe(Graph& graph, Value rows, const Network& with) const;
  DescribedModel describe(Graph& graph, Value rows) const { return describe(graph, rows, network); }
  // The statistics of preparation() and answer() for raw rows of this dtype.
  Store fitted(DType rows, const Network& with) const;

  // The network's input for raw rows: [count, inputs]. Throws Error as predict() does.
  Tensor prepare(const Tensor& rows) const;
  // The same for a dataset, whose categories may be numbered differently, together with its targets in the form in
  // which the network learns them. Throws Error if its columns differ from the model's or, if it has targets, their
  // task, names or classes do.
  PreparedRows prepare(const Dataset& data) const;
  // The same for a dataset that is no longer needed: each of its tensors is released as soon as it has been used.
  PreparedRows prepare(Dataset&& data) const;
  nn::Loss loss_function() const {
    return nn::loss(loss, {.label_smoothing = label_smoothing, .parameter = loss_parameter});
  }
  // The loss by name and parameter: "mse", "huber 0.5".
  std::string loss_name() const { return nn::to_string({loss, loss_parameter}); }
  // Regression: how to convert the network's outputs to the units of the targets.
  TargetScale target_scale() const;

 private:
  DType prediction_dtype(DType network) const;
};

// A cell of a row whose columns are given by name: a number or a text. An empty text is a missing cell.
class Cell {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> Cell(T number) : value_(static_cast<double>(number)) {}
  Cell(std::string_view text) : value_(text) {}
  Cell(const std::string& text) : value_(std::string_view(text)) {}
  Cell(const char* text) : value_(std::string_view(text)) {}

  // The number; nullopt if the cell is a text. A text is borrowed from the caller.
  std::optional<double> number() const;
  std::string_view text() const;

 private:
  std::variant<double, std::string_view> value_;
};
using NamedCell = std::pair<std::string_view, Cell>;

// The prediction for one row.
struct Prediction {
  // Regression: the (first) target, in its units. Classification: the probability of the predicted class, or its margin
  // if the model gives margins (nn::Loss::margins).
  double value = 0;
  std::vector<double> values{};         // regression: every target, in the order of Model::all_targets()
  std::string label{};                  // classification: the name of the predicted class
  std::vector<double> probabilities{};  // classification: of each class (or its margin), in the order of Model::classes
};

// Predicts from a const Model repeatedly, without allocating: the plan and the buffers are made once. The results are
// those of Model::predict. A predictor must be used by one thread at a time; any number of predictors may share a
// model, which must outlive them and must be neither moved nor changed meanwhile.
//
//   ModelPredictor predictor(model);
//   predictor.predict({{"age", 41}, {"town", "Ulm"}}).label;
//
//   std::vector<float> answer(predictor.outputs());
//   while (…) predictor.predict(row, answer);
class ModelPredictor {
 public:
  // `batch` is the number of rows that go through the network at once; predict() takes any number of them. Makes plans
  // and buffers for f32 and f64 rows.
  explicit ModelPredictor(const Model& model, std::int64_t batch = 1, const SessionOptions& options = {});
  ModelPredictor(ModelPredictor&&) noexcept;
  ModelPredictor& operator=(ModelPredictor&&) noexcept;
  ~ModelPredictor();

  std::size_t columns() const;
  std::size_t outputs() const;

  // Predicts for raw rows [count, columns] into `out` [count, outputs], both row-major: the bits of Model::predict,
  // converted to the element type of `out` if it differs. Throws Error if the sizes do not fit. Allocates nothing.
  void predict(std::span<const float> rows, std::span<float> out);
  void predict(std::span<const double> rows, std::span<double> out);

  // Predicts for one row whose columns are given by name, in any order. Columns that are left out are missing, as are
  // the texts that count as missing in the model's files. A text that is not one of a column's categories is an unknown
  // category; a number in a categorical column stands for its shortest decimal text. Throws Error for an unknown column
  // (suggesting the nearest name), a column that is given twice, text in a numeric column, and a number that is not
  // finite. Allocates.
  Prediction predict(std::span<const NamedCell> row);
  Prediction predict(std::initializer_list<NamedCell> row) { return predict({row.begin(), row.size()}); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A network with the layers of `spec` and an output layer, for rows of shape `row` (row_shape) or of `inputs` numbers.
// All parameters are zero. If spec.output is unset, the output activation is identity. `embeddings` are the tables for
// the last inputs (Encoding::embeddings). Throws Error, which names the layer and the shape, if shapes do not fit.
Network make_network(const NetworkSpec& spec, const Shape& row, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings = {});
Network make_network(const NetworkSpec& spec, std::int64_t inputs, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings = {});

// Sets each parameter and statistic of `network` to the tensor of the same name, converted to its dtype; other tensors
// are ignored. Messages name the file `where`. Throws Error, and leaves the network unchanged, if a tensor is missing,
// has another shape or contains a value that is not finite.
void load_parameters(Network& network, const SafetensorsFile& file, std::string_view where);

// The loss and metrics on raw data that were read with model.read_options(), weighted by the data's weights, if any.
// Throws Error if the data have no targets, or their task, columns or classes differ from the model's.
Metrics evaluate(const Model& model, const Dataset& data, const SessionOptions& options = {});

// The same model with its network in another float type.
Model convert(const Model& model, DType dtype);

// The JSON text that the file contains beside the tensors. Throws Error if a name is not UTF-8 or `training` is not a
// JSON object.
std::string model_metadata(const Model& model);

// Throws Error if save_model would, whatever the values of the parameters and the path: if load_model would refuse the
// file, or would return a network that computes something else. Call it before a long training. Messages begin with
// `where`.
void require_savable(const Model& model, std::string_view where);
// Writes the file atomically (write_file). The model that load_model returns predicts the same bits. Throws Error, and
// writes nothing, if the model is not savable, a parameter or statistic is not finite, or the path cannot be written.
void save_model(const std::string& path, const Model& model);
// The same into a writer that the caller commits. Messages begin with `where`.
void save_model(FileWriter& file, const Model& model, std::string_view where);
// The bytes of that file, for parse_model(): to keep a model in memory or send it elsewhere. Throws Error likewise.
std::vector<std::byte> model_bytes(const Model& model);
// Throws Error unless the file is a complete and consistent model.
Model load_model(const std::string& path);
Model parse_model(std::span<const std::byte> bytes, std::string_view where);
// The same from a file that has already been read.
Model model_from(const SafetensorsFile& file, std::string_view where);
// The contents that save_model writes and model_from reads. Throws Error if the model is not savable.
SafetensorsFile file_of(const Model& model, std::string_view where);
// Whether the file is a Hillock model, not a safetensors file that contains only tensors.
bool is_model(const SafetensorsFile& file);

}  // namespace hillock
