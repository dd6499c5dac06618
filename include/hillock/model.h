// A trained network with everything needed to use it, and the file it is kept in (docs/model-format.md).
//
// A const Model may be used by many threads at once. Nothing in a file is executed, and nothing in it is believed:
// loading checks every name, number and shape against the network that the file says it holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"
#include "hillock/encoding.h"
#include "hillock/metrics.h"
#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/safetensors.h"
#include "hillock/tensor.h"

namespace hillock {

class FileWriter;

// Movable. Initialize it in full, the network first.
struct Model {
  Network network;   // [rows, …row_shape()] -> [rows, outputs], with its parameters
  NetworkSpec spec;  // what `network` was built from; `output` is set
  Task task = Task::classification;
  std::string target;  // the name of the predicted column; of several their names, joined by commas
  std::vector<std::string> target_names{};  // several targets: the name of each output; empty where there is one
  std::vector<std::string> columns;         // the features' names, in order
  std::vector<std::string> classes;         // classification: by class number; one output stands for the second of two
  Shape sample_shape;                       // of one row: [columns], or [height, width] for images
  Scaler features;                          // applied to numbers that go in, one entry a column
  Encoding encoding{};                      // and what becomes of categories and missing cells; empty: there are none
  std::optional<std::vector<std::string>> missing_tokens{};  // cells that count as missing, where not the usual ones
  // Of an f32 network: its rows are f64, since f32 does not tell some of their numbers apart (ReadOptions::widen).
  bool rows_in_f64 = false;
  Scaler targets;  // regression: undone on what comes out, one entry an output
  nn::LossKind loss = nn::LossKind::cross_entropy;
  double label_smoothing = 0;
  double loss_parameter = 0;    // nn::LossOptions::parameter
  std::string training = "{}";  // a JSON object: how it was trained and how well (docs/model-format.md)

  // Predictions for rows [count, columns] of either float type, unscaled, categories as their number in `encoding`,
  // missing cells NaN: [count, outputs] in prediction_dtype(), after the output activation. Regression is in the units
  // of the target. Rows of f64 are scaled before they are rounded to an f32 network's numbers; where rows_in_f64, rows
  // of f32 have lost what the model goes by. Safe from many threads. Throws Error if the number of columns is another
  // one.
  Tensor predict(const Tensor& rows, const SessionOptions& options = {}) const;
  // The network's dtype; f64 for a target that rows_in_f64 has been needed for.
  DType prediction_dtype() const;
  // The name of each target, whether there is one or several.
  std::vector<std::string> all_targets() const {
    return target_names.empty() ? std::vector<std::string>{target} : target_names;
  }
  // How to read data for this model: its targets, task, columns, classes and the dtype of its rows.
  ReadOptions read_options() const;
  // What the network takes: rows scaled and encoded, [count, inputs]. Throws Error as predict().
  Tensor encode(const Tensor& rows) const;
  // The same for a network of `dtype` that is elsewhere, as in training.
  Tensor encode(const Tensor& rows, DType dtype) const;
  // The same for a dataset whose categories may be numbered otherwise. Throws Error if its columns are others.
  Tensor encode(const Dataset& data) const;
  nn::Loss loss_function() const {
    return nn::loss(loss, {.label_smoothing = label_smoothing, .parameter = loss_parameter});
  }
  // Regression: targets as the network learns them.
  Tensor encode_targets(const Tensor& values) const;
  // "mse", "huber 0.5".
  std::string loss_name() const { return nn::to_string({loss, loss_parameter}); }
  // Regression: what turns the network's numbers into the target's units.
  TargetScale target_scale() const;
};

// Predicts from a const Model without allocating: what Model::predict does, with the plan and the buffers made once.
// One predictor belongs to one thread; any number of them may share a model, which must outlive them, stay where it is
// and not change meanwhile.
//
//   ModelPredictor predictor(model);
//   std::vector<float> answer(predictor.outputs());
//   while (…) predictor.predict(row, answer);
class ModelPredictor {
 public:
  // `batch` is how many rows go through the network at once; predict() takes any number of them.
  explicit ModelPredictor(const Model& model, std::int64_t batch = 1, const SessionOptions& options = {});

  std::size_t columns() const { return columns_; }
  std::size_t outputs() const { return outputs_; }

  // Unscaled `rows` [count, columns] to `out` [count, outputs], row-major: the bits of Model::predict, converted to the
  // element type where the prediction's is another one. Throws Error if the sizes do not fit. Allocates nothing.
  void predict(std::span<const float> rows, std::span<float> out);
  void predict(std::span<const double> rows, std::span<double> out);

 private:
  template <class T>
  void predict_rows(std::span<const T> rows, std::span<T> out);
  template <class N, class T>
  void predict_batch(const T* rows, std::size_t count, T* out);

  const Scaler* features_;
  const Scaler* targets_;
  std::size_t columns_, outputs_, batch_;
  DType prediction_;
  const Encoding* encoding_;
  Predictor predictor_;
  Tensor scaled_;  // [batch, inputs], in the network's dtype
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
