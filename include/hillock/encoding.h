// How the columns of a table become the inputs of a network: scaled numbers, one-hot categories, embeddings, and
// replacements for missing cells. An encoding is fitted to training rows and saved with the model, whose preparation
// layers apply it (Model::preparation).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/tensor.h"

namespace hillock {

namespace nn {
struct Embedding;                 // hillock/nn.h
enum class Cycle : std::uint8_t;  // hillock/nn.h
}  // namespace nn

// The encoding of one column. A numeric column becomes one input. A categorical column becomes one input per category,
// 1 for the row's category and 0 for the others; a category that did not occur in training sets all of them to 0. An
// embedded column becomes a single input after those of all columns, the number of its category, which the network
// maps to a learned vector (nn::embed). A column of dates becomes the time, which is an input like other numbers, and
// the sine and cosine of its place in each cycle that the training rows show (nn::cycles).
struct ColumnEncoding {
  std::vector<std::string> categories{};  // in the order of their inputs; empty: a numeric column
  bool missing = false;                   // adds an input after the others: 1 if the cell is missing, else 0
  std::int64_t embedding = 0;             // the width of the learned vector; 0: not embedded
  std::optional<DateForm> date{};         // how the dates of a column of dates are written
  std::vector<nn::Cycle> cycles{};        // adds two inputs for each, after the number

  bool is_categorical() const { return !categories.empty(); }
  bool is_embedded() const { return embedding > 0; }
  // The number of inputs, without the category number of an embedded column.
  std::size_t plain_inputs() const {
    return (is_embedded() ? 0 : is_categorical() ? categories.size() : 1) + 2 * cycles.size() + (missing ? 1 : 0);
  }
};

struct EncodingOptions {
  // Columns with more categories are embedded.
  std::int64_t embed_above = std::numeric_limits<std::int64_t>::max();
};

// Thread-safe as long as it is not changed.
struct Encoding {
  std::vector<ColumnEncoding> columns{};  // empty: every column is numeric and never has missing cells
  std::vector<double> fill{};             // for each column the mean, which replaces missing numbers before scaling

  // Fits the encoding to the training rows: their categories, whether cells are missing, the means, and the cycles of
  // times. A cycle is used if the place in it varies and the times extend over at least half of it; weekdays are not
  // used if every time is in the first day of a month.
  static Encoding fit(const Dataset& train, const EncodingOptions& options = {});

  bool empty() const { return columns.empty(); }
  // The number of inputs that the network takes for a row of `column_count` columns.
  std::int64_t inputs(std::size_t column_count) const;
  // The embedding tables of the embedded columns, in column order. Their category numbers are the last inputs.
  std::vector<nn::Embedding> embeddings() const;
};

// Scaler::fit for the numeric columns; categorical columns get offset 0 and factor 1.
Scaler fit_scaler(Scale kind, const Dataset& train);

// The features with categories renumbered, by name, as in `encoding`. A category that it does not contain gets the
// number after its last.
Tensor renumber_categories(const Dataset& dataset, const Encoding& encoding);

}  // namespace hillock
