// One network with two outputs: the sum and the product of two numbers.
#include <hillock/hillock.h>

#include <cstdio>

int main() {
  std::vector<std::vector<float>> rows, targets;
  for (float a = 0; a < 2; a += 0.1F)
    for (float b = 0; b < 2; b += 0.1F) rows.push_back({a, b}), targets.push_back({a + b, a * b});
  hillock::Dataset data;
  data.task = hillock::Task::regression;
  data.features = hillock::Tensor::from(rows);
  data.targets = hillock::Tensor::from(targets);
  const hillock::Tensor both = train_table(data).model.predict(hillock::Tensor::from<float>({1, 2}, {1.5F, 0.5F}));
  std::printf("1.5 + 0.5 = %.3f, 1.5 * 0.5 = %.3f\n", both.at(0), both.at(1));
}
