// A network with a residual connection, trained with a loss of its own to predict the 0.9 quantile of what follows x.
#include <hillock/hillock.h>

#include <cstdio>

int main() {
  using namespace hillock;
  const nn::Loss pinball = [](Graph& graph, const nn::Output& out, Value targets) {
    const Value error = targets - out.prediction;
    return ops::mean(graph, ops::maximum(graph, 0.9 * error, -0.1 * error));
  };
  Network network({.layer = nn::layer("dense 16 tanh, residual(dense 16 tanh), dense 1 identity"), .input = {1}});
  network.initialize(/*seed=*/0);
  const std::vector<float> x = {-1, -1, -1, -1, -1, 1, 1, 1, 1, 1}, y = {0, 1, 2, 3, 4, 4, 5, 6, 7, 8};
  const Tensor features = Tensor::from({10, 1}, x), targets = Tensor::from({10, 1}, y);
  Trainer trainer(network, {.step = {.loss = pinball, .optimizer = adam()}, .epochs = 500, .rate = 0.01});
  std::printf("loss %.3f\n", trainer.fit({&features, &targets}).train_loss);
  for (const float given : {-1.0F, 1.0F})
    std::printf("%g -> %.1f\n", given, predict(network, Tensor::from({1, 1}, std::span(&given, 1))).at(0));
}
