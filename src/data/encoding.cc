// Learns from training rows what the columns hold.
#include "hillock/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "data/dataset_check.h"
#include "data/date_cycles.h"
#include "hillock/error.h"
#include "hillock/nn.h"

namespace hillock {
namespace {

// The index in `names` of each category of the dataset's column, or names.size() for a category that is not there. One
// more entry, also names.size(), stands for the dataset's own unknown category.
std::vector<double> numbers_among(const std::vector<std::string>& names, const std::vector<std::string>& categories) {
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) numbers.emplace(names[i], i);
  std::vector<double> result(categories.size() + 1, static_cast<double>(names.size()));
  for (std::size_t i = 0; i < categories.size(); ++i) {
    const auto found = numbers.find(categories[i]);
    if (found != numbers.end()) result[i] = static_cast<double>(found->second);
  }
  return result;
}

template <class T>
void learn_column(const Dataset& train, std::size_t i, Encoding& encoding) {
  const auto values = train.features.values<T>();
  ColumnEncoding& column = encoding.columns[i];
  std::vector<bool> present(train.is_categorical(i) ? train.categories[i].size() + 1 : 0);
  double sum = 0, count = 0;
  for (std::size_t at = i; at < values.size(); at += encoding.columns.size()) {
    if (std::isnan(values[at])) {
      column.missing = true;
    } else if (!present.empty()) {
      present[static_cast<std::size_t>(values[at])] = true;
    } else {
      sum += static_cast<double>(values[at]);
      ++count;
    }
  }
  encoding.fill[i] = count > 0 ? sum / count : 0;
  for (std::size_t k = 0; k + 1 < present.size(); ++k) {
    if (present[k]) column.categories.push_back(train.categories[i][k]);
  }
}

void learn_cycles(const Dataset& train, std::size_t i, ColumnEncoding& column) {
  if (!train.is_date(i)) return;
  column.date = train.dates[i];
  std::vector<double> times;
  for (std::int64_t row = 0; row < train.rows(); ++row) {
    const double time = train.features.at(row * train.feature_count() + static_cast<std::int64_t>(i));
    if (!std::isnan(time)) times.push_back(time);
  }
  column.cycles = cycles_of(times);
}

// A common rule of thumb, 1.6 n^0.56 rounded and no more than 50 (Howard & Gugger 2020, fastai's emb_sz_rule).
std::int64_t embedding_width(std::size_t categories) {
  constexpr double kMost = 50;
  return static_cast<std::int64_t>(std::min(kMost, std::round(1.6 * std::pow(static_cast<double>(categories), 0.56))));
}

}  // namespace

Encoding Encoding::fit(const Dataset& train, const EncodingOptions& options) {
  require_columns_fit("encoding", train);
  if (train.rows() == 0) throw Error("encoding: there are no rows to learn from; give at least one");
  Encoding encoding;
  encoding.columns.resize(train.columns.size());
  encoding.fill.resize(train.columns.size());
  for (std::size_t i = 0; i < train.columns.size(); ++i) {
    if (train.features.dtype() == DType::f64) {
      learn_column<double>(train, i, encoding);
    } else {
      learn_column<float>(train, i, encoding);
    }
    learn_cycles(train, i, encoding.columns[i]);
    const std::size_t categories = encoding.columns[i].categories.size();
    if (static_cast<std::int64_t>(categories) > options.embed_above) {
      encoding.columns[i].embedding = embedding_width(categories);
    }
  }
  return encoding;
}

std::int64_t Encoding::inputs(std::size_t column_count) const {
  if (empty()) return static_cast<std::int64_t>(column_count);
  std::size_t count = 0;
  for (const ColumnEncoding& column : columns) count += column.plain_inputs() + (column.is_embedded() ? 1 : 0);
  return static_cast<std::int64_t>(count);
}

std::vector<nn::Embedding> Encoding::embeddings() const {
  std::vector<nn::Embedding> tables;
  for (const ColumnEncoding& column : columns) {
    if (column.is_embedded()) tables.push_back({static_cast<std::int64_t>(column.categories.size()), column.embedding});
  }
  return tables;
}

Scaler fit_scaler(Scale kind, const Dataset& train) {
  require_columns_fit("scale", train);
  Scaler scaler = Scaler::fit(kind, train.features);
  for (std::size_t i = 0; i < scaler.offset.size(); ++i) {
    if (!train.is_categorical(i)) continue;
    scaler.offset[i] = 0;
    scaler.factor[i] = 1;
  }
  return scaler;
}

Tensor renumber_categories(const Dataset& dataset, const Encoding& encoding) {
  require_columns_fit("encode", dataset);
  if (encoding.empty()) return dataset.features;
  if (encoding.columns.size() != dataset.columns.size()) {
    throw Error(fmt::format("encode: the data have {} columns and the encoding {}; give rows of the same columns",
                            dataset.columns.size(), encoding.columns.size()));
  }
  Tensor features = dataset.features;
  const auto width = static_cast<std::int64_t>(dataset.columns.size());
  for (std::size_t i = 0; i < encoding.columns.size(); ++i) {
    const std::vector<std::string>& names = encoding.columns[i].categories;
    if (!dataset.is_categorical(i) || dataset.categories[i] == names) continue;
    const std::vector<double> numbers = numbers_among(names, dataset.categories[i]);
    for (std::int64_t at = static_cast<std::int64_t>(i); at < features.elements(); at += width) {
      const double code = features.at(at);
      if (!std::isnan(code)) features.set(at, numbers[static_cast<std::size_t>(code)]);
    }
  }
  return features;
}

}  // namespace hillock
