// Diagnosis of a network that does not learn: units whose gradient vanishes, and a suitable learning rate.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hillock/activation.h"
#include "hillock/session.h"

namespace hillock {

class Network;
class Tensor;
struct Examples;
class RowSource;
struct TrainOptions;

// Hidden units that are stuck: for every row examined their activation is flat, so that training no longer changes
// them. Flat means: 0 for relu; on the left tail, with a slope below 0.01 of the largest, for elu, selu, gelu, silu,
// mish and softplus; within 0.01 of either limit for sigmoid and tanh.
struct StuckUnits {
  std::string layer;  // "dense1"
  nn::Activation activation = nn::Activation::identity;
  std::int64_t units = 0, stuck = 0;
  std::int64_t rows = 0;  // the number of rows examined
};
// One entry for every activation in the network that can be flat, in order, including those without stuck units.
// Examines at most 10 000 of the rows [rows, …input], evenly spaced. Throws Error if the rows do not fit the network.
std::vector<StuckUnits> find_stuck_units(const Network& network, const Tensor& rows,
                                         const SessionOptions& options = {});
std::vector<StuckUnits> find_stuck_units(const Network& network, const RowSource& rows,
                                         const SessionOptions& options = {});

// --- the learning rate ---

struct RateTestOptions {
  double lowest = 1e-6, highest = 10;
  std::int64_t steps = 240;  // from the lowest rate to the highest, in equal ratios
};

struct RateTest {
  double rate = 0;  // the suggested learning rate
  // The rate and the smoothed loss of each step. The test ends early if the loss diverges.
  std::vector<double> rates, losses;

  // The rate of the step with the lowest loss; of equal losses the first. Requires at least one step.
  double rate_of_lowest_loss() const;
};

// A learning rate range test (Smith 2017): trains a copy of `network` with the loss, optimizer, batch size and seed of
// `options` while the rate rises geometrically, and derives a rate from where the smoothed loss falls and where it
// diverges. L-BFGS, whose line search determines the length of each step, gets 1 without a test. The result depends
// only on the data, the options and the network's weights. Throws Error if the loss is not finite even at the lowest
// rate, and as TrainingStep does.
RateTest find_rate(const Network& network, const TrainOptions& options, const Examples& train,
                   const RateTestOptions& test = {});
RateTest find_rate(const Network& network, const TrainOptions& options, const RowSource& train,
                   const RateTestOptions& test = {});

}  // namespace hillock
