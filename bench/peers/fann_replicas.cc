// FANN over many starts of W1 or W2, one after another: fann_replicas [W1|W2] [starts] [steps] [rounds]. Sigmoid units
// and the squared error whatever the workload, an update after each row ("incremental") or for the batch ("batch").
// Prints starts trained per second of processor time, the median of the rounds; the same definition as
// bench/replicas.
#include <fann.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/sampling.h"

namespace {

using Network = std::unique_ptr<fann, decltype(&fann_destroy)>;
using Batch = std::unique_ptr<fann_train_data, decltype(&fann_destroy_train)>;

struct Workload {
  std::vector<unsigned> widths;
  unsigned batch, rows;
  float rate;
};

std::vector<Batch> make_batches(const Workload& workload) {
  std::vector<Batch> batches;
  for (unsigned first = 0; first < workload.rows; first += workload.batch) {
    batches.emplace_back(fann_create_train(workload.batch, workload.widths.front(), workload.widths.back()),
                         fann_destroy_train);
    for (unsigned row = 0; row < workload.batch; ++row) {
      fann_type* x = batches.back()->input[row];
      fann_type* y = batches.back()->output[row];
      if (workload.rows == 4) {  // exclusive or
        x[0] = static_cast<float>(row / 2);
        x[1] = static_cast<float>(row % 2);
        y[0] = static_cast<float>(row / 2 ^ row % 2);
        continue;
      }
      for (unsigned k = 0; k < workload.widths.front(); ++k)
        x[k] = static_cast<float>(std::rand()) / static_cast<float>(RAND_MAX);
      const auto label = static_cast<unsigned>(std::rand()) % workload.widths.back();
      for (unsigned k = 0; k < workload.widths.back(); ++k) y[k] = k == label ? 1.0f : 0.0f;
    }
  }
  return batches;
}

void train(const Workload& workload, const std::vector<Batch>& batches, bool by_row, long steps) {
  const Network network(
      fann_create_standard_array(static_cast<unsigned>(workload.widths.size()), workload.widths.data()), fann_destroy);
  fann_set_activation_function_hidden(network.get(), FANN_SIGMOID);
  fann_set_activation_function_output(network.get(), FANN_SIGMOID);
  fann_set_learning_rate(network.get(), workload.rate);
  fann_set_learning_momentum(network.get(), 0);
  fann_set_training_algorithm(network.get(), by_row ? FANN_TRAIN_INCREMENTAL : FANN_TRAIN_BATCH);
  for (long step = 0; step < steps; ++step) {
    fann_train_data* batch = batches[static_cast<std::size_t>(step) % batches.size()].get();
    if (!by_row) {
      fann_train_epoch(network.get(), batch);
      continue;
    }
    for (unsigned row = 0; row < workload.batch; ++row)
      fann_train(network.get(), batch->input[row], batch->output[row]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "W1";
  const long starts = argc > 2 ? std::atol(argv[2]) : 256;
  const long steps = argc > 3 ? std::atol(argv[3]) : 1000;
  const long rounds = argc > 4 ? std::atol(argv[4]) : 5;
  const Workload workload = name == "W1" ? Workload{{2, 4, 1}, 4, 4, 1.0f} : Workload{{64, 32, 10}, 32, 1792, 0.1f};
  const std::vector<Batch> batches = make_batches(workload);
  for (const bool by_row : {true, false}) {
    std::vector<double> seconds;
    for (long round = 0; round < rounds; ++round) {
      const double begin = hillock::bench::seconds_on(hillock::bench::Clock::cpu);
      for (long start = 0; start < starts; ++start) train(workload, batches, by_row, steps);
      seconds.push_back(hillock::bench::seconds_on(hillock::bench::Clock::cpu) - begin);
    }
    std::ranges::sort(seconds);
    std::printf("FANN %s: %s, 1 thread: %.1f starts a second of %ld steps\n", by_row ? "incremental" : "batch",
                name.c_str(), static_cast<double>(starts) / seconds[seconds.size() / 2], steps);
  }
}
