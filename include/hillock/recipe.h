// What training on a table does where the options say nothing: one table by task and size, measured in docs/recipe.md.
// It sees how many rows, columns and classes there are, never what the data are called or what they hold.
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
  std::int64_t rows = 0;  // to train on
  std::int64_t columns = 0;
  std::int64_t classes = 0;          // 0 for regression
  std::int64_t targets = 1;          // of a regression
  bool classes_are_numbers = false;  // so that they could be a regression's target
};
DataSize size_of(const Dataset& train);

struct Recipe {
  std::string network;     // as for NetworkSpec::parse
  std::int64_t batch = 0;  // 0: all rows
  std::int64_t epochs = 0;
  std::int64_t patience = 0;  // where there are validation rows
  double rate = 0;            // for Adam
  std::string schedule;
  double label_smoothing = 0;  // for more than two classes, where the options name no loss
};
Recipe recipe_for(const DataSize& size);

// The table itself: for each of its lines the recipes of both tasks.
struct RecipeLine {
  std::int64_t from_rows = 0;                // training rows, at least
  std::optional<std::int64_t> below_rows{};  // and fewer than these; unset in the last line
  Recipe classification, regression;
};
std::vector<RecipeLine> recipes();

// The fractions of the rows that are set aside.
inline constexpr double kDefaultValidation = 0.15, kDefaultTest = 0.15;
// Columns with more categories are embedded.
inline constexpr std::int64_t kEmbedAbove = 32;
inline constexpr std::string_view kDefaultOptimizer = "adam";

// The learning rate where only the optimizer is given: the recipe's for Adam and its kin (adamw, nadam, rmsprop), one
// that usually works otherwise.
double default_rate(std::string_view optimizer, const Recipe& recipe);

// The output layer and what it is judged by.
struct Head {
  nn::LossKind loss = nn::LossKind::mse;
  nn::Activation output = nn::Activation::identity;
  std::int64_t outputs = 1;
};

// Two classes: one sigmoid output with the logistic loss. More: softmax with cross-entropy. A number: the identity with
// the mean squared error, an output for each target. A loss or an output that is given decides the other. Throws Error
// if they do not fit.
Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output);

}  // namespace hillock
