// A loss of your own: any function from outputs and targets to one number. Here the pinball loss, which makes a network
// predict a quantile instead of a mean (Koenker & Bassett 1978): at 0.9, nine targets in ten shall lie below the curve.
//
// Returns 0 if they do, within 0.03.
#include <hillock/hillock.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>

namespace {

using namespace hillock;

// mean of max(q e, (q - 1) e), e = target - prediction. Its gradient follows from those of the ops.
nn::Loss pinball(double quantile) {
  return [quantile](Graph& graph, const nn::Output& out, Value targets) {
    const Value error = ops::subtract(graph, targets, out.prediction);
    const Value above = ops::multiply(graph, error, quantile);
    const Value below = ops::multiply(graph, error, quantile - 1);
    return ops::mean(graph, ops::maximum(graph, above, below));
  };
}

struct Samples {
  Tensor features;
  Tensor targets;
};

// y = sin 3x plus noise that is never negative and grows with x.
Samples draw_samples(std::int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  const auto uniform = [&] { return (static_cast<double>(generator()) + 0.5) / 4294967296.0; };
  Samples samples{Tensor({DType::f32, {count, 1}, {}}), Tensor({DType::f32, {count, 1}, {}})};
  for (std::int64_t row = 0; row < count; ++row) {
    const double x = 2 * uniform() - 1;
    const double noise = -std::log(uniform()) * (0.1 + 0.2 * (x + 1));
    samples.features.set(row, x);
    samples.targets.set(row, std::sin(3 * x) + noise);
  }
  return samples;
}

double share_below(const Tensor& targets, const Tensor& predictions) {
  std::int64_t below = 0;
  for (std::int64_t row = 0; row < targets.elements(); ++row) below += targets.at(row) < predictions.at(row);
  return static_cast<double>(below) / static_cast<double>(targets.elements());
}

}  // namespace

int main() {
  const Samples training = draw_samples(2000, 1);
  const Samples fresh = draw_samples(2000, 2);
  bool right = true;
  for (const double quantile : {0.5, 0.9}) {
    Network network(
        {.layer = nn::sequential({nn::dense(32, {.activation = nn::Activation::tanh}), nn::dense(1)}), .input = {1}});
    network.initialize(/*seed=*/0);
    Trainer trainer(network, {.step = {.loss = pinball(quantile), .optimizer = adam()},
                              .epochs = 60,
                              .batch_size = 50,
                              .rate = 0.01,
                              .schedule = {.kind = Schedule::Kind::cosine}});
    trainer.fit({&training.features, &training.targets});
    const double share = share_below(fresh.targets, predict(network, fresh.features));
    std::printf("quantile %.2f: %.3f of 2000 fresh targets lie below the prediction\n", quantile, share);
    right = right && std::abs(share - quantile) < 0.03;
  }
  return right ? 0 : 1;
}
