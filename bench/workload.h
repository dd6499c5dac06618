// The workloads that speed is measured on: real shapes, made-up numbers. docs/performance.md tells what each stands
// for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/hillock.h"
#include "hillock/machine.h"

namespace hillock::bench {

// One training step is forward, backward and update on one batch of `batch` rows.
struct Workload {
  std::string name;
  std::vector<std::int64_t> widths;  // input, hidden layers, output
  nn::Activation hidden = nn::Activation::relu;
  nn::LossKind loss = nn::LossKind::cross_entropy;
  std::int64_t batch = 0;
  std::int64_t rows = 0;                       // of the array in memory, a multiple of `batch`
  double sgd_rate = 0.1;                       // Adam's is 1e-3
  std::vector<std::string> optimizers{"sgd"};  // those it is measured with; the first where none is named
  double latency_seconds = 0;                  // where not arithmetic but its latency bounds a step: that bound
  bool adam_in_memory = false;                 // Adam's state does not stay in the caches

  std::int64_t parameters() const;
  // Of the matrix products of one step; there is no product for the gradient of the input.
  double flops() const;
  // Through memory for the optimizer: 0 where the caches hold it, 20 for each parameter of Adam where they don't.
  double bytes(std::string_view optimizer) const;
  // The shortest time of a step on a machine with these limits, arithmetic and memory one after the other.
  double floor_seconds(std::string_view optimizer, const MachineLimits& limits) const;
};

const std::vector<Workload>& workloads();
// Throws Error if there is none of that name, whatever its case.
const Workload& find_workload(std::string_view name);

// Rows to train on: features uniform in [0, 1), targets at random; the four rows of exclusive or for W1.
struct Data {
  Tensor features, targets;
  Examples examples() const { return {&features, &targets}; }
};
Data make_data(const Workload& workload);
Network make_network(const Workload& workload);
// What to train with; epochs are left to the caller. Consecutive slices, in order.
TrainOptions make_options(const Workload& workload, std::string_view optimizer, int threads);

}  // namespace hillock::bench
