// The recipe as a table.
#include "recipe.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "hillock/error.h"

namespace hillock::program {
namespace {

struct Row {
  std::int64_t below_rows;  // for fewer training rows than this
  Recipe classification;
  Recipe regression;
};

constexpr std::int64_t kAnyRows = std::numeric_limits<std::int64_t>::max();

// Measured on the built-in sets, California housing, CCPP, Adult without its text columns and MNIST (docs/recipe.md).
const std::array<Row, 5>& table() {
  static const std::array<Row, 5> rows{{
      {50,
       {.network = "dense 16 tanh", .batch = 0, .epochs = 1000, .patience = 0, .rate = 0.02, .schedule = "constant"},
       {.network = "dense 16 tanh", .batch = 0, .epochs = 1000, .patience = 0, .rate = 0.02, .schedule = "constant"}},
      {1000,
       {.network = "dense 32 relu", .batch = 32, .epochs = 200, .patience = 40, .rate = 0.003, .schedule = "constant"},
       {.network = "dense 32 relu", .batch = 32, .epochs = 300, .patience = 50, .rate = 0.003, .schedule = "constant"}},
      {10'000,
       {.network = "dense 128 relu", .batch = 32, .epochs = 100, .patience = 20, .rate = 0.001, .schedule = "cosine"},
       {.network = "dense 64 relu, dense 64 relu",
        .batch = 32,
        .epochs = 150,
        .patience = 30,
        .rate = 0.002,
        .schedule = "cosine"}},
      {100'000,
       {.network = "dense 128 relu, dense 64 relu",
        .batch = 64,
        .epochs = 40,
        .patience = 8,
        .rate = 0.001,
        .schedule = "cosine"},
       {.network = "dense 128 relu, dense 64 relu",
        .batch = 64,
        .epochs = 100,
        .patience = 20,
        .rate = 0.002,
        .schedule = "cosine"}},
      {kAnyRows,
       {.network = "dense 256 relu, dense 128 relu",
        .batch = 256,
        .epochs = 30,
        .patience = 5,
        .rate = 0.001,
        .schedule = "cosine"},
       {.network = "dense 256 relu, dense 128 relu",
        .batch = 256,
        .epochs = 50,
        .patience = 8,
        .rate = 0.001,
        .schedule = "cosine"}},
  }};
  return rows;
}

std::string line(const std::string& rows, std::string_view task, const Recipe& recipe) {
  return fmt::format("{:<15} {:<15} {:<30} {:>5} {:>6} {:>8} {:>6}  {}\n", rows, task, recipe.network,
                     recipe.batch == 0 ? "all" : fmt::to_string(recipe.batch), recipe.epochs,
                     recipe.patience == 0 ? "-" : fmt::to_string(recipe.patience), recipe.rate, recipe.schedule);
}

std::string loss_names(Task task) {
  return task == Task::regression ? "mse, sse or mae" : "logistic, cross_entropy, mse, sse or mae";
}

Head regression_head(std::optional<nn::LossKind> loss, std::optional<nn::Activation> output) {
  const Head head{loss.value_or(nn::LossKind::mse), output.value_or(nn::Activation::identity), 1};
  if (nn::required_output(head.loss)) {
    throw Error(
        fmt::format("train: --loss {} is for classes and the target is a number; give {}, or --task classification",
                    nn::name_of(head.loss), loss_names(Task::regression)));
  }
  if (head.output == nn::Activation::softmax) {
    throw Error(
        "train: --net names the output softmax, which is for classes, and the target is a number; name another");
  }
  return head;
}

nn::LossKind loss_for(std::optional<nn::Activation> output, std::int64_t classes) {
  if (!output) return classes == 2 ? nn::LossKind::logistic : nn::LossKind::cross_entropy;
  if (*output == nn::Activation::softmax) return nn::LossKind::cross_entropy;
  return *output == nn::Activation::sigmoid ? nn::LossKind::logistic : nn::LossKind::mse;
}

}  // namespace

Recipe recipe_for(const DataSize& size) {
  for (const Row& row : table()) {
    if (size.rows < row.below_rows) return size.task == Task::classification ? row.classification : row.regression;
  }
  return {};
}

double default_rate(std::string_view optimizer, const Recipe& recipe) {
  constexpr double kSgd = 0.1, kMomentum = 0.01;
  if (optimizer == "sgd") return kSgd;
  return optimizer == "momentum" || optimizer == "nesterov" ? kMomentum : recipe.rate;
}

std::string recipe_text() {
  std::string text = fmt::format("{:<15} {:<15} {:<30} {:>5} {:>6} {:>8} {:>6}  {}\n", "training rows", "task",
                                 "network", "batch", "epochs", "patience", "rate", "schedule");
  std::int64_t from = 0;
  for (const Row& row : table()) {
    const std::string rows = row.below_rows == kAnyRows ? fmt::format("{} and more", from)
                             : from == 0                ? fmt::format("below {}", row.below_rows)
                                                        : fmt::format("{} to {}", from, row.below_rows - 1);
    text += line(rows, name_of(Task::classification), row.classification);
    text += line(rows, name_of(Task::regression), row.regression);
    from = row.below_rows;
  }
  text += fmt::format(
      "\nOptimizer: {}. Patience counts where there are validation rows: {}% of the rows, as many for the test, none "
      "of\n"
      "either below {} rows. Output: one sigmoid with the logistic loss for two classes, softmax with cross_entropy "
      "for\n"
      "more, the identity with mse on the standardized target for a number. Features are standardized unless a "
      "built-in\n"
      "set says otherwise. Other optimizers start at a rate of 0.1 (sgd) or 0.01 (momentum, nesterov).\n",
      kDefaultOptimizer, kDefaultValidation * 100, kMinRowsToSplit);
  return text;
}

Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output) {
  if (size.task == Task::regression) return regression_head(loss, output);
  Head head;
  head.loss = loss.value_or(loss_for(output, size.classes));
  const std::optional<nn::Activation> required = nn::required_output(head.loss);
  head.output = output.value_or(required.value_or(nn::Activation::sigmoid));
  if (required && head.output != *required) {
    throw Error(fmt::format("train: --loss {} needs the output {} and --net names {}; leave one of them out",
                            nn::name_of(head.loss), nn::name_of(*required), nn::name_of(head.output)));
  }
  const bool one_output = size.classes == 2 && head.output != nn::Activation::softmax;
  head.outputs = one_output ? 1 : size.classes;
  return head;
}

Scale target_scale_for(nn::Activation output) {
  switch (output) {
    case nn::Activation::sigmoid: return Scale::minmax;
    case nn::Activation::relu:
    case nn::Activation::softplus: return Scale::none;
    default: return Scale::standard;
  }
}

}  // namespace hillock::program
