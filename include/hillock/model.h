// A trained network with everything needed to use it, and the file it is kept in (docs/model-format.md).
//
// A const Model may be used by many threads at once. Nothing in a file is executed, and nothing in it is believed:
// loading checks every name, number and shape against the network that the file says it holds.
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
#include "hillock/safetensors.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

class FileWriter;
struct Examples;

// A model in a graph, from the row as it was read to the answer.
struct DescribedModel {
  Value prepared;  // [batch, …] as the network takes rows
  nn::Output out;  // what the network makes of them
  Value answer;    // [batch, outputs] in Model::prediction_dtype()
};

// Rows as a network takes them, with targets as it learns them: what Model::prepare makes of a Dataset. What depends on
// no parameter and is no random number is computed here once, not in every step.
struct PreparedRows {
  Tensor features;  // [rows, inputs]
  Tensor targets;   // i32 [rows], or numbers [rows, outputs] of the features' type
  Tensor weights;   // [rows] of the features' type; without memory where rows all count alike

  std::int64_t rows() const { return features.raw() == nullptr ? 0 : features.shape()[0]; }
  bool has_weights() const { return weights.raw() != nullptr; }
  // To train on, or to judge by; they must outlive it.
  Examples examples() const;
};
// The rows to train on, to choose the best epoch by, and those that choose nothing.
struct PreparedSplits {
  PreparedRows train;
  std::optional<PreparedRows> validation{}, test{};
};

// Movable. Initialize it in full, the network first.
//
// A model is three networks one behind the other: preparation() makes of a row as it was read what `network` takes, and
// answer() makes of what this gives numbers in the units of the target. The outer two have statistics that were fitted
// to training rows and no parameters, so that they are computed once for each row before training; describe() gives all
// three in one graph.
struct Model {
  Network network;   // [rows, …row_shape()] -> [rows, outputs], with its parameters
  NetworkSpec spec;  // what `network` was built from; `output` is set
  Task task = Task::classification;
  std::string target;  // the name of the predicted column; of several their names, joined by commas
  std::vector<std::string> target_names{};  // several targets: the name of each output; empty where there is one
  std::vector<std::string> columns;         // the features' names, in order
  std::vector<std::string> classes;         // classification: by class number; one output stands for the second of two
  Shape sample_shape;                       // of one row: [columns], or [height, width] for images
  Scaler features;                          // what numbers that go in are scaled by, one entry a column
  Encoding encoding{};                      // what becomes of categories and missing cells; empty: there are none
  std::optional<std::vector<std::string>> missing_tokens{};  // cells that count as missing, where not the usual ones
  // Of an f32 network: its rows are f64, since f32 does not tell some of their numbers apart (ReadOptions::widen).
  bool rows_in_f64 = false;
  Scaler targets;  // regression: what targets are scaled by to be learnt, one entry an output; undone on what comes out
  nn::LossKind loss = nn::LossKind::cross_entropy;
  double label_smoothing = 0;
  double loss_parameter = 0;    // nn::LossOptions::parameter
  std::string training = "{}";  // a JSON object: how it was trained and how well (docs/model-format.md)

  // Predictions for rows [count, columns] of either float type, unscaled, categories as their number in `encoding`,
  // missing cells NaN (a missing category also −1): [count, outputs] in prediction_dtype(), after the output
  // activation. Regression is in the units of the target. Rows of f64 are scaled before they are rounded to an f32
  // network's numbers; where rows_in_f64, rows of f32 have lost what the model goes by. Safe from many threads. Throws
  // Error if the number of columns is another one.
  Tensor predict(const Tensor& rows, const SessionOptions& options = {}) const;
  // The same with a network like the model's that is elsewhere, as while it is trained.
  Tensor predict(const Tensor& rows, const Network& with, const SessionOptions& options = {}) const;
  // The network's dtype; f64 for a target that rows_in_f64 has been needed for.
  DType prediction_dtype() const { return prediction_dtype(network.options().dtype); }
  // The name of each target, whether there is one or several.
  std::vector<std::string> all_targets() const {
    return target_names.empty() ? std::vector<std::string>{target} : target_names;
  }
  // How to read data for this model: its targets, task, columns, classes and the dtype of its rows.
  ReadOptions read_options() const;

  // [count, columns] of `rows`, f32 or f64 -> [count, inputs] in the type `to` of a network.
  Network preparation(DType rows, DType to) const;
  // [count, outputs] of `with`, a network like the model's -> [count, outputs] in prediction_dtype().
  Network answer(const Network& with) const;
  // From rows, a value [batch, columns], to the answer, with a network like the model's. The plan's states lie in
  // fitted() and in the network's store.
  DescribedModel describe(Graph& graph, Value rows, const Network& with) const;
  DescribedModel describe(Graph& graph, Value rows) const { return describe(graph, rows, network); }
  // The statistics of preparation() and answer(), for rows of this type.
  Store fitted(DType rows, const Network& with) const;

  // What the network takes: [count, inputs]. Throws Error as predict().
  Tensor prepare(const Tensor& rows) const;
  // The same for a dataset whose categories may be numbered otherwise, with targets as the network learns them. Throws
  // Error if its columns are others, or where it has targets their task, names or classes.
  PreparedRows prepare(const Dataset& data) const;
  // The same for rows that are needed no more: each of their tensors is released as soon as it is used.
  PreparedRows prepare(Dataset&& data) const;
  nn::Loss loss_function() const {
    return nn::loss(loss, {.label_smoothing = label_smoothing, .parameter = loss_parameter});
  }
  // "mse", "huber 0.5".
  std::string loss_name() const { return nn::to_string({loss, loss_parameter}); }
  // Regression: what turns the network's numbers into the target's units.
  TargetScale target_scale() const;

 private:
  DType prediction_dtype(DType network) const;
};

// A cell of a row that is given by the names of its columns: a number or a text. An empty text is a missing cell.
class Cell {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> Cell(T number) : value_(static_cast<double>(number)) {}
  Cell(std::string_view text) : value_(text) {}
  Cell(const std::string& text) : value_(std::string_view(text)) {}
  Cell(const char* text) : value_(std::string_view(text)) {}

  // Nothing where it is a text. A text belongs to the caller.
  std::optional<double> number() const;
  std::string_view text() const;

 private:
  std::variant<double, std::string_view> value_;
};
using NamedCell = std::pair<std::string_view, Cell>;

// What is predicted for one row.
struct Prediction {
  // Regression: the number, in the units of the target, the first of several. Classification: the probability of the
  // predicted class; its margin where the model gives margins (nn::Loss::margins).
  double value = 0;
  std::vector<double> values{};         // regression: of each target, in the order of Model::all_targets()
  std::string label{};                  // classification: the predicted class
  std::vector<double> probabilities{};  // classification: of each class, in the order of Model::classes; or margins
};

// Predicts from a const Model without allocating: what Model::predict does, with the plan and the buffers made once.
// One predictor belongs to one thread; any number of them may share a model, which must outlive them, stay where it is
// and not change meanwhile.
//
//   ModelPredictor predictor(model);
//   predictor.predict({{"age", 41}, {"town", "Ulm"}}).label;
//
//   std::vector<float> answer(predictor.outputs());
//   while (…) predictor.predict(row, answer);
class ModelPredictor {
 public:
  // `batch` is how many rows go through the network at once; predict() takes any number of them. Plans and buffers are
  // made for rows of either type.
  explicit ModelPredictor(const Model& model, std::int64_t batch = 1, const SessionOptions& options = {});
  ModelPredictor(ModelPredictor&&) noexcept;
  ModelPredictor& operator=(ModelPredictor&&) noexcept;
  ~ModelPredictor();

  std::size_t columns() const;
  std::size_t outputs() const;

  // Unscaled `rows` [count, columns] to `out` [count, outputs], row-major: the bits of Model::predict, converted to the
  // element type where the prediction's is another one. Throws Error if the sizes do not fit. Allocates nothing.
  void predict(std::span<const float> rows, std::span<float> out);
  void predict(std::span<const double> rows, std::span<double> out);

  // One row by the names of its columns, in any order; what is left out is missing, and a text that is none of a
  // column's categories an unknown one. A number for a column of categories stands for its shortest text. Throws Error,
  // with the nearest name, for a column that the model does not have, for one that is named twice, for a text in a
  // column of numbers, and for a number that is not finite. What counts as missing in the model's files does so here.
  // Allocates.
  Prediction predict(std::span<const NamedCell> row);
  Prediction predict(std::initializer_list<NamedCell> row) { return predict({row.begin(), row.size()}); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A network of `spec`'s layers and an output layer for rows of shape `row` (row_shape) or of `inputs` numbers, all
// parameters zero; without spec.output the output is the identity. `embeddings` are the tables for the last of its
// inputs (Encoding::embeddings). Throws Error, with the layer and what came, if the shapes do not fit.
Network make_network(const NetworkSpec& spec, const Shape& row, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings = {});
Network make_network(const NetworkSpec& spec, std::int64_t inputs, std::int64_t outputs, DType dtype,
                     const std::vector<nn::Embedding>& embeddings = {});

// Gives each parameter and statistic of `network` the values of the tensor of that name, converted to its type; further
// tensors are ignored. `where` stands for the file in messages. Throws Error, with the network unchanged, if a tensor
// is missing, has another shape or holds a value that is not finite.
void load_parameters(Network& network, const SafetensorsFile& file, std::string_view where);

// Loss and metrics on unscaled data read with model.read_options(), by the weights of its rows where it has any. Throws
// Error if the data have no targets, or another task, other columns or other classes than the model.
Metrics evaluate(const Model& model, const Dataset& data, const SessionOptions& options = {});

// The same model in another float type.
Model convert(const Model& model, DType dtype);

// The JSON text that stands in the file beside the tensors. Throws Error if a name is not UTF-8 or `training` is no
// JSON object.
std::string model_metadata(const Model& model);

// Throws Error where save_model would, whatever the parameters and the path: if load_model would refuse the file, or
// give back a network that computes something else. Ask it before a long training. `where` opens the message.
void require_savable(const Model& model, std::string_view where);
// Writes beside `path`, flushes and renames. What load_model gives back predicts the same bits. Throws Error, and
// writes nothing, if the model is not savable, a parameter or statistic is not finite or the path cannot be written.
void save_model(const std::string& path, const Model& model);
// The same into a file whose caller commits it; `where` opens the messages.
void save_model(FileWriter& file, const Model& model, std::string_view where);
// The bytes of that file, for parse_model(): a model that is kept in memory or sent elsewhere. Throws Error likewise.
std::vector<std::byte> model_bytes(const Model& model);
// Throws Error, one line, unless the file is a complete and consistent model.
Model load_model(const std::string& path);
Model parse_model(std::span<const std::byte> bytes, std::string_view where);
// The same from a file that is read already.
Model model_from(const SafetensorsFile& file, std::string_view where);
// What save_model writes, which model_from reads. Throws Error where save_model would for the model itself.
SafetensorsFile file_of(const Model& model, std::string_view where);
// Whether the file calls itself a Hillock model: other safetensors files hold tensors alone.
bool is_model(const SafetensorsFile& file);

}  // namespace hillock
