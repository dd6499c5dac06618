// FANN always uses sigmoid units and the squared error, which take less to compute than a softmax. It updates after
// each row ("incremental"; `batch` rows make a step) or once per batch ("batch").
#include <fann.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench/sampling.h"

namespace {

using hillock::bench::Clock;

struct Task {
  std::vector<unsigned> widths;
  unsigned batch = 0, batches = 0;
  float rate = 0;
  double seconds = 0;
  Clock clock = Clock::wall;
};

using NetworkPointer = std::unique_ptr<fann, decltype(&fann_destroy)>;
using Batch = std::unique_ptr<fann_train_data, decltype(&fann_destroy_train)>;

NetworkPointer make_network(const Task& task, fann_train_enum algorithm) {
  NetworkPointer network(fann_create_standard_array(static_cast<unsigned>(task.widths.size()), task.widths.data()),
                         fann_destroy);
  fann_set_activation_function_hidden(network.get(), FANN_SIGMOID);
  fann_set_activation_function_output(network.get(), FANN_SIGMOID);
  fann_set_learning_rate(network.get(), task.rate);
  fann_set_learning_momentum(network.get(), 0);
  fann_set_training_algorithm(network.get(), algorithm);
  return network;
}

std::vector<Batch> make_batches(const Task& task) {
  std::vector<Batch> batches;
  for (unsigned b = 0; b < task.batches; ++b) {
    batches.emplace_back(fann_create_train(task.batch, task.widths.front(), task.widths.back()), fann_destroy_train);
    for (unsigned row = 0; row < task.batch; ++row) {
      for (unsigned k = 0; k < task.widths.front(); ++k)
        batches.back()->input[row][k] = static_cast<float>(std::rand()) / static_cast<float>(RAND_MAX);
      const auto label = static_cast<unsigned>(std::rand()) % std::max(2u, task.widths.back());
      for (unsigned k = 0; k < task.widths.back(); ++k) batches.back()->output[row][k] = k == label ? 1.0f : 0.0f;
    }
  }
  return batches;
}

Task read_task(const nlohmann::json& json) {
  const unsigned batch = json.at("batch");
  return {.widths = json.at("widths"),
          .batch = batch,
          .batches = std::min(200u, json.at("rows").get<unsigned>() / batch),
          .rate = json.at("sgd_rate"),
          .seconds = json.at("seconds"),
          .clock = json.at("clock") == "cpu" ? Clock::cpu : Clock::wall};
}

}  // namespace

int main(int, char** argv) {
  const nlohmann::json json = nlohmann::json::parse(argv[1]);
  if (json.at("optimizer") != "sgd") {
    std::puts(R"({"variants": [], "why": "FANN has no Adam"})");
    return 0;
  }
  const Task task = read_task(json);
  const std::vector<Batch> batches = make_batches(task);
  const NetworkPointer by_row = make_network(task, FANN_TRAIN_INCREMENTAL);
  const NetworkPointer by_batch = make_network(task, FANN_TRAIN_BATCH);
  std::size_t next = 0;
  const auto incremental = [&](long steps) {
    for (long k = 0; k < steps; ++k, next = (next + 1) % batches.size()) {
      for (unsigned row = 0; row < task.batch; ++row)
        fann_train(by_row.get(), batches[next]->input[row], batches[next]->output[row]);
    }
  };
  const auto batch = [&](long steps) {
    for (long k = 0; k < steps; ++k, next = (next + 1) % batches.size())
      fann_train_epoch(by_batch.get(), batches[next].get());
  };
  hillock::bench::serve({{"incremental", hillock::bench::sample_steps(incremental, task.seconds, task.clock)},
                         {"batch", hillock::bench::sample_steps(batch, task.seconds, task.clock)}},
                        R"(, "version": "FANN 2.2")");
}
