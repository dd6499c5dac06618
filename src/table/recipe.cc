// The recipe as a table.
#include "table/recipe.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "hillock/error.h"
#include "hillock/optim.h"

namespace hillock {
namespace {

struct Row {
  std::int64_t below_rows;  // for fewer training rows than this
  Recipe classification;
  Recipe regression;
};

constexpr std::int64_t kAnyRows = std::numeric_limits<std::int64_t>::max();

// Chosen by bench/recipe.py; docs/recipe.md has the measurements. Network, batch, epochs, patience, rate, schedule,
// label smoothing.
const std::array<Row, 5>& table() {
  static const std::array<Row, 5> rows{{
      {50, {"dense 16 tanh", 0, 1000, 0, 0.02, "constant", 0}, {"dense 16 tanh", 0, 1000, 0, 0.02, "constant", 0}},
      {1000,
       {"dense 32 relu, dropout 0.2", 32, 200, 40, 0.003, "constant", 0},
       {"dense 64 silu, dense 64 silu", 32, 800, 100, 0.01, "cosine", 0}},
      {10'000,
       {"dense 256 relu, dropout 0.3", 32, 100, 20, 0.002, "cosine", 0.05},
       {"dense 64 relu, dense 64 relu", 32, 150, 30, 0.005, "cosine", 0}},
      {100'000,
       {"dense 128 relu, dropout 0.3, dense 64 relu, dropout 0.3", 64, 40, 10, 0.001, "cosine", 0.05},
       {"dense 256 relu, dense 128 relu, dense 64 relu", 64, 100, 20, 0.005, "cosine", 0}},
      {kAnyRows,
       {"dense 256 relu, dropout 0.2, dense 128 relu, dropout 0.2", 256, 30, 5, 0.001, "cosine", 0.05},
       {"dense 256 relu, dense 128 relu", 256, 50, 8, 0.002, "cosine", 0}},
  }};
  return rows;
}

std::string line(std::string_view rows, std::string_view task, const Recipe& recipe) {
  return fmt::format("{:<15} {:<15} {:>5} {:>6} {:>8} {:>6}  {:<8}  {}\n", rows, task,
                     recipe.batch == 0 ? "all" : fmt::to_string(recipe.batch), recipe.epochs,
                     recipe.patience == 0 ? "-" : fmt::to_string(recipe.patience), recipe.rate, recipe.schedule,
                     recipe.network);
}

Head regression_head(std::optional<nn::LossKind> loss, std::optional<nn::Activation> output) {
  const Head head{loss.value_or(nn::LossKind::mse), output.value_or(nn::Activation::identity), 1};
  if (nn::required_output(head.loss)) {
    throw Error(fmt::format(
        "train: --loss {} is for classes and the target is a number; give mse, sse, mae, huber or quantile, or --task "
        "classification",
        nn::name_of(head.loss)));
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
  const double own = optimizer_info(optimizer).rate;
  return own > 0 ? own : recipe.rate;
}

std::string recipe_text() {
  std::string text = fmt::format("{:<15} {:<15} {:>5} {:>6} {:>8} {:>6}  {:<8}  {}\n", "training rows", "task", "batch",
                                 "epochs", "patience", "rate", "schedule", "network");
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
      "\nOptimizer: {}. Patience counts where there are validation rows: {:g}% of the rows, as many for the test, none "
      "of\n"
      "either below {} rows. Output: one sigmoid with the loss {} for two classes, softmax with {} for more, the\n"
      "identity with {} on the standardized target for a number. From 1000 rows and with more than two classes, label\n"
      "smoothing of 0.05 unless --loss is given. Features are standardized unless a built-in set says otherwise. "
      "The\n"
      "optimizers adamw, nadam and rmsprop start at the same rate, others at {} (sgd), {} (momentum, nesterov), {}\n"
      "(adagrad) or {} (lbfgs, which takes all rows in each step at a constant rate, and no dropout).\n",
      kDefaultOptimizer, kDefaultValidation * 100, kMinRowsToSplit, nn::name_of(nn::LossKind::logistic),
      nn::name_of(nn::LossKind::cross_entropy), nn::name_of(nn::LossKind::mse), optimizer_info("sgd").rate,
      optimizer_info("momentum").rate, optimizer_info("adagrad").rate, optimizer_info("lbfgs").rate);
  return text;
}

Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output) {
  if (size.task == Task::regression) return regression_head(loss, output);
  if (loss == nn::LossKind::quantile) {
    throw Error(
        "train: --loss quantile is for numbers and the target is classes; give logistic, cross-entropy or hinge, or "
        "--task regression");
  }
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
    case nn::Activation::gelu:
    case nn::Activation::silu:
    case nn::Activation::mish:
    case nn::Activation::softplus: return Scale::none;
    default: return Scale::standard;
  }
}

}  // namespace hillock
