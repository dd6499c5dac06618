// The recipe as a table.
#include "hillock/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/parse_number.h"
#include "hillock/error.h"
#include "hillock/optim.h"

namespace hillock {
namespace {

struct Row {
  std::int64_t below_rows;  // the row applies to fewer training rows than this
  Recipe classification;
  Recipe regression;
};

constexpr std::int64_t kAnyRows = std::numeric_limits<std::int64_t>::max();

// Chosen by bench/recipe.py; docs/recipe.md has the measurements. Columns: network, batch, epochs, patience, learning
// rate, schedule, label smoothing.
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

Head regression_head(std::optional<nn::LossKind> loss, std::optional<nn::Activation> output, std::int64_t targets) {
  const Head head{loss.value_or(nn::LossKind::mse), output.value_or(nn::Activation::identity), targets};
  if (nn::required_output(head.loss)) {
    const Remedy classes{"--task", {"classification"}};
    throw Error(fmt::format("train: --loss {} is for classes and the target is a number; give mse, sse, mae, huber or "
                            "quantile, or {}",
                            nn::name_of(head.loss), classes.text()),
                {{"--loss", {"mse"}}, classes});
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

DataSize size_of(const Dataset& train) {
  const bool classes = train.task == Task::classification;
  const auto is_number = [](const std::string& name) { return parse_number(name).has_value(); };
  return {train.task,
          train.rows(),
          train.feature_count(),
          classes ? std::ssize(train.classes) : 0,
          std::ssize(train.all_targets()),
          classes && std::ranges::all_of(train.classes, is_number)};
}

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

std::vector<RecipeLine> recipes() {
  std::vector<RecipeLine> lines;
  std::int64_t from = 0;
  for (const Row& row : table()) {
    const bool last = row.below_rows == kAnyRows;
    lines.push_back({from, last ? std::nullopt : std::optional(row.below_rows), row.classification, row.regression});
    from = row.below_rows;
  }
  return lines;
}

Head choose_head(const DataSize& size, std::optional<nn::LossKind> loss, std::optional<nn::Activation> output) {
  if (size.task == Task::regression) return regression_head(loss, output, size.targets);
  if (loss == nn::LossKind::quantile) {
    const Remedy numbers{"--task", {"regression"}};
    std::vector<Remedy> remedies{{"--loss", {"cross-entropy"}}};
    if (size.classes_are_numbers) remedies.push_back(numbers);
    throw Error(fmt::format("train: --loss quantile is for numbers and the target is classes; give logistic, "
                            "cross-entropy or hinge{}",
                            size.classes_are_numbers ? fmt::format(", or {}", numbers.text()) : ""),
                remedies);
  }
  Head head;
  head.loss = loss.value_or(loss_for(output, size.classes));
  const std::optional<nn::Activation> required = nn::required_output(head.loss);
  head.output = output.value_or(required.value_or(nn::Activation::sigmoid));
  if (required && head.output != *required) {
    throw Error(fmt::format("train: --loss {} needs the output {} and --net names {}; leave one of them out",
                            nn::name_of(head.loss), nn::name_of(*required), nn::name_of(head.output)),
                {{"--loss"}, {"--net"}});
  }
  const bool one_output = size.classes == 2 && head.output != nn::Activation::softmax;
  head.outputs = one_output ? 1 : size.classes;
  return head;
}

}  // namespace hillock
