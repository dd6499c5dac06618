// The defaults of training on a table: one recipe for each task and size of the data, with the measurements that led to
// them in docs/recipe.md. A recipe depends only on the numbers of rows, columns and classes, never on names or
// contents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/activation.h"
#include "hillock/data.h"
#include "hillock/loss.h"

namespace hillock {

struct DataSize {
  Task task = Task::classification;
  std::int64_t rows = 0;  // training rows
  std::int64_t columns = 0;
  std::int64_t classes = 0;          // 0 for regression
  std::int64_t targets = 1;          // for regression
  bool classes_are_numbers = false;  // whether the classes could also be the target of a regression
};
DataSize size_of(const Dataset& train);

struct Recipe {
  std::string network;     // a text for NetworkSpec::parse
  std::int64_t batch = 0;  // 0: all rows
  std::int64_t epochs = 0;
  std::int64_t patience = 0;  // applies if there are validation rows
  double rate = 0;            // for Adam
  std::string schedule;
  double label_smoothing = 0;  // applies to more than two classes, if the options name no loss
};
Recipe recipe_for(const DataSize& size);

// One line of the table of recipes: the recipes of both tasks for a range of training rows.
struct RecipeLine {
  std::int64_t from_rows = 0;                // at least this many rows
  std::optional<std::int64_t> below_rows{};  // and fewer than this; unset in the last line
  Recipe classification, regression;
};
std::vector<RecipeLine> recipes();

// The fractions of the rows that are set aside by default.
inline constexpr double kDefaultValidation = 0.15, kDefaultTest = 0.15;
// Categorical columns with more categories are embedded by default.
inline constexpr std::int64_t kEmbedAbove = 32;
inline constexpr std::string_view kDefaultOptimizer = "adam";

// The learning rate to use if only the optimizer is given: the recipe's rate for Adam, AdamW, NAdam and RMSprop, and
// otherwise the optimizer's own (OptimizerInfo::rate).
double default_rate(std::string_view optimizer, const Recipe& recipe);

// The output layer and its loss.
struct Head {
  nn::LossKind loss = nn::LossKind::mse;
  nn::Activation output = nn::Activation::identity;
  std::int64_t outputs = 1;
};

// The head for this data: one sigmoid output with the logistic loss for two classes, softmax with cross-entropy for
// more, and identity with the mean squared error and one output per target for regression. A given loss or output
// activation determines the other one. Throws Error if they do not fit together.
Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output);

}  // namespace hillock
