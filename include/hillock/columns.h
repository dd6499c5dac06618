// What became of the columns of a table on their way into a network.
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
  std::string reason{};  // left_out: why, in words that go on from the name: "numbers the rows"

  // Of a feature.
  std::int64_t missing = 0;  // missing cells among the training rows
  // The smallest and the largest number among the training rows; NaN for categories and where there is none. Of a model
  // (columns_of) NaN as well.
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
  ColumnEncoding encoding{};  // a number, an input for each category, or embedded; and whether an input tells of gaps
  double fill = 0;            // what stands for a missing number, before scaling
  // The network's inputs that the column becomes: the first of `inputs` in a row. An embedded column's number is an
  // input of its own, behind those of all columns: `embedded_input`, else −1.
  std::int64_t first_input = 0, inputs = 0, embedded_input = -1;

  // Of a feature that is a number, and of a target that is one: (value − offset) × factor.
  Scale scale = Scale::none;
  double offset = 0, factor = 1;
};

// The accounts as a JSON array of objects, as Model::training and `hillock train --json` have them: name, role, and
// where they apply reason, kind ("number", "categories", "embedded categories"), categories (how many), missing, range.
std::string columns_json(std::span<const ColumnAccount> columns);

// The features of a model, in their order, and its targets. A model does not know how many cells were missing when it
// was trained, nor what was left out: TableResult::columns does.
std::vector<ColumnAccount> columns_of(const Model& model);

}  // namespace hillock
