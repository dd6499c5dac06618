// What `hillock train` does where the user says nothing: one table by task and size (`hillock help recipe` prints it).
// It sees how many rows, columns and classes there are, never what the data are called or what they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hillock/data.h"
#include "hillock/network.h"
#include "hillock/nn.h"

namespace hillock {

struct DataSize {
  Task task = Task::classification;
  std::int64_t rows = 0;  // to train on
  std::int64_t columns = 0;
  std::int64_t classes = 0;  // 0 for regression
};

struct Recipe {
  std::string network;     // as for --net
  std::int64_t batch = 0;  // 0: all rows
  std::int64_t epochs = 0;
  std::int64_t patience = 0;  // where there are validation rows
  double rate = 0;            // for Adam
  std::string schedule;
  double label_smoothing = 0;  // for more than two classes, where the user names no loss
};

inline constexpr double kDefaultValidation = 0.15;
inline constexpr double kDefaultTest = 0.15;
// Columns with more categories are embedded.
inline constexpr std::int64_t kEmbedAbove = 32;
inline constexpr double kUnknownCategories = 0.4;  // nn::Embedding::unknown
inline constexpr std::string_view kDefaultOptimizer = "adam";

Recipe recipe_for(const DataSize& size);
// The learning rate where only the optimizer is given: the recipe's for Adam and its kin (adamw, nadam, rmsprop), one
// that usually works otherwise.
double default_rate(std::string_view optimizer, const Recipe& recipe);
// The table, for a person to read.
std::string recipe_text();

// The output layer and what it is judged by.
struct Head {
  nn::LossKind loss = nn::LossKind::mse;
  nn::Activation output = nn::Activation::identity;
  std::int64_t outputs = 1;
};

// Two classes: one sigmoid output with the logistic loss. More: softmax with cross-entropy. A number: the identity with
// the mean squared error. A loss or an output that is given decides the other. Throws Error if they do not fit.
Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output);

// How a numeric target is scaled for an output of this kind, so that the output can reach it: standardized; onto [0, 1]
// for a sigmoid; as it is for outputs that are never, or hardly, negative.
Scale target_scale_for(nn::Activation output);

}  // namespace hillock
