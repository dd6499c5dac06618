// Prediction without allocation: the scalers' arithmetic (scaler.cc) on either side of a network's predictor.
#include <fmt/format.h>

#include <algorithm>

#include "hillock/error.h"
#include "hillock/model.h"

namespace hillock {
namespace {

void require_fits(const Scaler& scaler, std::size_t numbers, std::string_view what) {
  if (scaler.kind == Scale::none || (scaler.offset.size() == numbers && scaler.factor.size() == numbers)) return;
  throw Error(fmt::format("predictor: the model scales {} {} and has {}; fit the scaler on the same rows",
                          scaler.offset.size(), what, numbers));
}

}  // namespace

ModelPredictor::ModelPredictor(const Model& model, std::int64_t batch, const SessionOptions& options)
    : features_(&model.features),
      targets_(&model.targets),
      columns_(model.columns.size()),
      outputs_(static_cast<std::size_t>(model.network.outputs())),
      batch_(static_cast<std::size_t>(std::max<std::int64_t>(batch, 1))),
      prediction_(model.prediction_dtype()),
      encoding_(&model.encoding),
      predictor_(model.network, batch, options),
      scaled_(TensorType{model.network.options().dtype, {batch, model.network.options().input.elements()}, {}}) {
  if (model.network.options().input.elements() != model.encoding.inputs(columns_)) {
    throw Error(fmt::format("predictor: the model's columns make {} inputs and its network takes {}",
                            model.encoding.inputs(columns_), model.network.options().input.elements()));
  }
  require_fits(model.features, columns_, "columns");
  require_fits(model.targets, outputs_, "outputs");
}

void ModelPredictor::predict(std::span<const float> rows, std::span<float> out) { predict_rows(rows, out); }
void ModelPredictor::predict(std::span<const double> rows, std::span<double> out) { predict_rows(rows, out); }

template <class T>
void ModelPredictor::predict_rows(std::span<const T> rows, std::span<T> out) {
  const std::size_t count = columns_ == 0 ? 0 : rows.size() / columns_;
  if (count * columns_ != rows.size() || count * outputs_ != out.size()) {
    throw Error(fmt::format("predict: {} numbers in and room for {}; give whole rows of {} and room for {} each",
                            rows.size(), out.size(), columns_, outputs_));
  }
  for (std::size_t first = 0; first < count; first += batch_) {
    const std::size_t part = std::min(batch_, count - first);
    const T* in = rows.data() + first * columns_;
    if (scaled_.dtype() == DType::f32) {
      predict_batch<float>(in, part, out.data() + first * outputs_);
    } else {
      predict_batch<double>(in, part, out.data() + first * outputs_);
    }
  }
}

// N: the network's element type. Each number is rounded as Model::predict does: after scaling.
template <class N, class T>
void ModelPredictor::predict_batch(const T* rows, std::size_t count, T* out) {
  const bool scale = features_->kind != Scale::none;
  N* scaled = static_cast<N*>(scaled_.raw());
  const auto inputs = static_cast<std::size_t>(scaled_.shape()[1]);
  if (!encoding_->empty()) {
    for (std::size_t row = 0; row < count; ++row) {
      encoding_->encode(*features_, rows + row * columns_, scaled + row * inputs);
    }
  }
  for (std::size_t row = 0; row < count && encoding_->empty(); ++row, rows += columns_, scaled += columns_) {
    if (!scale) {
      for (std::size_t i = 0; i < columns_; ++i) scaled[i] = static_cast<N>(rows[i]);
      continue;
    }
    const double* offset = features_->offset.data();
    const double* factor = features_->factor.data();
    for (std::size_t i = 0; i < columns_; ++i)
      scaled[i] = static_cast<N>((static_cast<double>(rows[i]) - offset[i]) * factor[i]);
  }
  const auto inputs_of_all = std::span<const N>(static_cast<const N*>(scaled_.raw()), count * inputs);
  const N* answer = predictor_.predict(inputs_of_all).data();
  const bool unscale = targets_->kind != Scale::none, exact = prediction_ == DType::f64;
  for (std::size_t row = 0; row < count; ++row, answer += outputs_, out += outputs_) {
    for (std::size_t i = 0; i < outputs_; ++i) {
      double value = static_cast<double>(answer[i]);
      if (unscale) value = value / targets_->factor[i] + targets_->offset[i];
      out[i] = exact ? static_cast<T>(value) : static_cast<T>(static_cast<N>(value));
    }
  }
}

}  // namespace hillock
