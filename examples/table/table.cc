// Trains a network on a table and reports how good it is on rows that it was not trained on.
#include <hillock/hillock.h>

#include <cstdio>

int main() {
  using namespace hillock;
  // Or "patients.csv", {.target = "outcome"}: a file, and the column to predict.
  const TableResult result = train_table("digits", {.epochs = 20, .seed = 1});

  std::printf("accuracy %.3f on %lld test rows, of a linear model %.3f\n", result.scores.test->accuracy,
              static_cast<long long>(result.scores.test->rows), result.baselines->linear->test->accuracy);
  for (const Warning& warning : result.warnings) std::printf("warning: %s\n", warning.message.c_str());
  save_model("digits.safetensors", result.model);
}
