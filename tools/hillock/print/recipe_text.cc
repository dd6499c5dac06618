// The recipe as a table.
#include "print/recipe_text.h"

#include <fmt/format.h>

#include <string_view>

#include "hillock/recipe.h"

namespace hillock::program {
namespace {

std::string line(std::string_view rows, Task task, const Recipe& recipe) {
  return fmt::format("{:<15} {:<15} {:>5} {:>6} {:>8} {:>6}  {:<8}  {}\n", rows, name_of(task),
                     recipe.batch == 0 ? "all" : fmt::to_string(recipe.batch), recipe.epochs,
                     recipe.patience == 0 ? "-" : fmt::to_string(recipe.patience), recipe.rate, recipe.schedule,
                     recipe.network);
}

std::string rows_of(const RecipeLine& line) {
  if (!line.below_rows) return fmt::format("{} and more", line.from_rows);
  if (line.from_rows == 0) return fmt::format("below {}", *line.below_rows);
  return fmt::format("{} to {}", line.from_rows, *line.below_rows - 1);
}

}  // namespace

std::string recipe_text() {
  std::string text = fmt::format("{:<15} {:<15} {:>5} {:>6} {:>8} {:>6}  {:<8}  {}\n", "training rows", "task", "batch",
                                 "epochs", "patience", "rate", "schedule", "network");
  for (const RecipeLine& one : recipes()) {
    text += line(rows_of(one), Task::classification, one.classification);
    text += line(rows_of(one), Task::regression, one.regression);
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
      nn::name_of(nn::LossKind::cross_entropy), nn::name_of(nn::LossKind::mse), default_rate("sgd", {}),
      default_rate("momentum", {}), default_rate("adagrad", {}), default_rate("lbfgs", {}));
  return text;
}

}  // namespace hillock::program
