// The workloads on which speed is measured: realistic shapes with made-up numbers. docs/performance.md describes what
// each stands for.
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
  std::vector<std::int64_t> widths;  // of the input, the hidden layers and the output
  nn::Activation hidden = nn::Activation::relu;
  nn::LossKind loss = nn::LossKind::cross_entropy;
  std::int64_t batch = 0;
  std::int64_t rows = 0;                       // of the array in memory; a multiple of `batch`
  double sgd_rate = 0.1;                       // Adam's is 1e-3
  std::vector<std::string> optimizers{"sgd"};  // those it is measured with; the first is the default
  // the lower bound of a step that is limited by latency instead of arithmetic; otherwise 0
  double latency_seconds = 0;
  bool adam_in_memory = false;  // whether Adam's state exceeds the caches

  std::int64_t parameters() const;
  // The operations in the matrix products of one step. The first layer needs no product for the gradient of its input.
  double flops() const;
  // The bytes that the optimizer moves through memory: 0 if its state fits the caches, otherwise 20 per parameter of
  // Adam.
  double bytes(std::string_view optimizer) const;
  // The shortest possible time of a step on a machine with these limits: arithmetic followed by memory traffic.
  double floor_seconds(std::string_view optimizer, const MachineLimits& limits) const;
};

const std::vector<Workload>& workloads();
// Throws Error if there is no workload with this name, compared without regard to case.
const Workload& find_workload(std::string_view name);

// Rows to train on: uniform features in [0, 1) and random targets; for W1 the four rows of exclusive or.
struct Data {
  Tensor features, targets;
  Examples examples() const { return {&features, &targets}; }
};
Data make_data(const Workload& workload);
Network make_network(const Workload& workload);
// The training options, except epochs. Batches are consecutive slices, in order.
TrainOptions make_options(const Workload& workload, std::string_view optimizer, int threads);

}  // namespace hillock::bench
