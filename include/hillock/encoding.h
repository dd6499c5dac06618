// What is learnt from training rows about their columns, to make of a row as it was read the numbers that a network
// takes: scaled numbers, an input for each category, something in place of missing cells. It is kept with the model,
// whose layers before the network do it (Model::preparation).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/tensor.h"

namespace hillock {

namespace nn {
struct Embedding;  // hillock/nn.h
}

// What becomes of one column. A number becomes one input. A categorical column becomes an input for each category, 1
// for the row's own and 0 for the others; a category that was not there in training leaves all at 0. Or it is embedded:
// its number is an input behind those of all columns, and the network learns what stands for it (nn::embed).
struct ColumnEncoding {
  std::vector<std::string> categories{};  // in the order of their inputs; none: a number
  bool missing = false;                   // one more input, behind the others: 1 where the cell is missing, else 0
  std::int64_t embedding = 0;             // the width of a category's row in the network; 0: not embedded

  bool is_categorical() const { return !categories.empty(); }
  bool is_embedded() const { return embedding > 0; }
  // Without the number of an embedded one.
  std::size_t plain_inputs() const {
    return (is_embedded() ? 0 : is_categorical() ? categories.size() : 1) + (missing ? 1 : 0);
  }
};

struct EncodingOptions {
  // Columns with more categories are embedded.
  std::int64_t embed_above = std::numeric_limits<std::int64_t>::max();
};

// Thread safe once made.
struct Encoding {
  std::vector<ColumnEncoding> columns{};  // none: every column is a number, and none is ever missing
  std::vector<double> fill{};             // for each column what stands for a missing number, before scaling: the mean

  // Learns from the training rows: the categories they hold, whether cells are missing, means.
  static Encoding fit(const Dataset& train, const EncodingOptions& options = {});

  bool empty() const { return columns.empty(); }
  // How many numbers the network takes for a row of `column_count` columns.
  std::int64_t inputs(std::size_t column_count) const;
  // The tables for the embedded columns, whose numbers are the last inputs, in the order of the columns.
  std::vector<nn::Embedding> embeddings() const;
};

// Scaler::fit for the numeric columns; categorical ones get offset 0 and factor 1.
Scaler fit_scaler(Scale kind, const Dataset& train);

// The features with categories numbered as in `encoding`, by their names; those that it does not know get the number
// after its last.
Tensor renumber_categories(const Dataset& dataset, const Encoding& encoding);

}  // namespace hillock
