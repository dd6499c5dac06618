// Why a network does not learn: units that training no longer moves, and the rate that suits.
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

// Hidden units whose activation is flat, so that training no longer moves them, for every row looked at: a relu that
// gives 0, an elu, selu, gelu, silu, mish or softplus far down, where its slope is below 0.01 of its largest, a sigmoid
// or tanh within 0.01 of one of its ends.
struct StuckUnits {
  std::string layer;  // "dense1"
  nn::Activation activation = nn::Activation::identity;
  std::int64_t units = 0, stuck = 0;
  std::int64_t rows = 0;  // looked at
};
// Of every activation in the network's layers that can be flat, in order, also where no unit is stuck. Looks at 10 000
// of the rows [rows, …input] at most, evenly spaced. Throws Error if the rows do not fit the network.
std::vector<StuckUnits> find_stuck_units(const Network& network, const Tensor& rows,
                                         const SessionOptions& options = {});
std::vector<StuckUnits> find_stuck_units(const Network& network, const RowSource& rows,
                                         const SessionOptions& options = {});

// --- the rate ---

struct RateTestOptions {
  double lowest = 1e-6, highest = 10;
  std::int64_t steps = 240;  // from the lowest to the highest, by the same factor each
};

struct RateTest {
  double rate = 0;                    // that suits
  std::vector<double> rates, losses;  // of each step; losses are smoothed. It ends early where the loss explodes.

  // The rate of the step with the lowest loss, the first of equal ones. There must have been a step.
  double rate_of_lowest_loss() const;
};

// A range test (Smith 2017): trains a copy of `network` while the rate rises geometrically, with the loss, optimizer,
// batch size and seed of `options`, and looks at how the smoothed loss falls and explodes. L-BFGS, whose line search
// finds the length of each step, gets 1 without a test. The result depends on data, options and the network's weights
// only. Throws Error if the loss is not finite at the lowest rate already, or as TrainingStep does.
RateTest find_rate(const Network& network, const TrainOptions& options, const Examples& train,
                   const RateTestOptions& test = {});
RateTest find_rate(const Network& network, const TrainOptions& options, const RowSource& train,
                   const RateTestOptions& test = {});

}  // namespace hillock
