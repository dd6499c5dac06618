// A program that uses an installed Hillock: trains exclusive or, writes the model, reads it back and predicts from two
// threads at once. Returns 0 if all four predictions are right in both threads and equal bit for bit.
#include <hillock/hillock.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <thread>

namespace {

using namespace hillock;

Model train_xor() {
  const Dataset data = load_builtin("xor");
  const NetworkSpec spec = NetworkSpec::parse("dense 4 tanh, output sigmoid");
  Network network = make_network(spec, data.feature_count(), 1, DType::f32);
  network.initialize(/*seed=*/1);
  Trainer trainer(network, {.step = {.loss = nn::loss(nn::LossKind::logistic), .optimizer = adam()},
                            .batch_size = 0,
                            .rate = 0.1,
                            .target_loss = 0.01});
  trainer.fit({&data.features, &data.targets});
  return {.network = std::move(network),
          .spec = spec,
          .task = data.task,
          .target = data.target,
          .columns = data.columns,
          .classes = data.classes,
          .sample_shape = data.sample_shape,
          .features = {},
          .targets = {},
          .loss = nn::LossKind::logistic};
}

bool run(const std::string& path) {
  const Dataset data = load_builtin("xor");
  const Model trained = train_xor();
  save_model(path, trained);
  const Model model = load_model(path);

  std::array<Tensor, 2> predictions;
  {
    std::jthread first([&] { predictions[0] = model.predict(data.features); });
    std::jthread second([&] { predictions[1] = model.predict(data.features); });
  }
  const Tensor before = trained.predict(data.features);
  bool right = true;
  for (const Tensor& prediction : predictions) {
    right = right && std::memcmp(prediction.raw(), before.raw(), before.bytes()) == 0;
    for (int row = 0; row < 4; ++row) right = right && std::abs(prediction.at(row) - data.targets.at(row)) < 0.1;
  }
  for (int row = 0; row < 4; ++row) std::printf("row %d: %.3f\n", row, predictions[0].at(row));
  return right;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "consumer.safetensors") ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "consumer: %s\n", error.what());
    return 1;
  }
}
