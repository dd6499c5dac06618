// Trains a network on exclusive or and prints its answers to the four rows.
#include <hillock/hillock.h>

#include <cstdio>

int main() {
  using namespace hillock;
  const Tensor questions = Tensor::from<float>({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1});
  const Tensor answers = Tensor::from<float>({4, 1}, {0, 1, 1, 0});

  Network network({.layer = nn::sequential({nn::dense(4, {.activation = nn::Activation::tanh}), nn::dense(1)}),
                   .input = {2},
                   .output = nn::Activation::sigmoid});
  network.initialize(/*seed=*/1);
  const nn::Loss loss = nn::loss(nn::LossKind::logistic);
  Trainer trainer(network,
                  {.step = {.loss = loss, .optimizer = adam()}, .batch_size = 0, .rate = 0.1, .target_loss = 0.01});
  trainer.fit({&questions, &answers});

  const Tensor predictions = predict(network, questions);
  for (int row = 0; row < 4; ++row)
    std::printf("row %d: %.3f, should be %g\n", row, predictions.at(row), answers.at(row));
}
