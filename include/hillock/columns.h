// How the columns of a table are used: their role, and which inputs of the network each feature becomes.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/encoding.h"

namespace hillock {

struct Model;

struct ColumnAccount {
  std::string name;
  ColumnRole role = ColumnRole::feature;
  std::string reason{};  // for left_out: why, as a phrase that follows the name: "numbers the rows"

  // Advice that only the user can follow, with its option: "--group …". Empty if there is none, and from columns_of.
  std::string suggestion{};

  // For features.
  std::int64_t missing = 0;  // the number of missing cells among the training rows
  // The smallest and the largest number among the training rows. NaN for categories, if there is no number, and from
  // columns_of.
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
  ColumnEncoding encoding{};  // numeric, one-hot or embedded, and whether it has a missing indicator
  double fill = 0;            // the value that replaces a missing number, before scaling
  // The network's inputs that the column becomes: `inputs` of them, starting at `first_input`. The category number of
  // an embedded column is a separate input, `embedded_input`, after those of all columns; −1 for other columns.
  std::int64_t first_input = 0, inputs = 0, embedded_input = -1;

  // For numeric features and regression targets: the network sees (value − offset) × factor.
  Scale scale = Scale::none;
  double offset = 0, factor = 1;
};

// The columns as a JSON array of objects, as in Model::training and `hillock train --json`: name, role and, if they
// apply, reason, kind ("number", "date", "time of day", "categories", "embedded categories"), categories (their
// number), missing, range (of dates as date_text) and suggestion.
std::string columns_json(std::span<const ColumnAccount> columns);

// The features of a model in the model's order, followed by its targets. `missing` is 0 and columns that were left out
// are absent, because a model does not store them; TableResult::columns has both.
std::vector<ColumnAccount> columns_of(const Model& model);

}  // namespace hillock
