// The range test for the learning rate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/math.h"
#include "hillock/diagnosis.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "rows/feed.h"
#include "rows/gather.h"
#include "train/examples.h"
#include "train/fit_layers.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

constexpr double kSmoothing = 0.95;     // of the running mean of the losses
constexpr double kExploded = 4;         // relative to the lowest smoothed loss, or to the first
constexpr double kBelowTheLowest = 10;  // the rate of the lowest loss is divided by this

void require_test(const RateTestOptions& test, DType dtype) {
  const double most = dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  if (test.lowest > 0 && test.highest > test.lowest && test.highest <= most && test.steps >= 2) return;
  throw Error(fmt::format("rate test: from {} to {} in {} steps; give rates above 0 that rise, in 2 steps or more",
                          test.lowest, test.highest, test.steps));
}

// A running mean whose bias towards 0 is corrected, as in Adam.
class Smooth {
 public:
  double operator()(double value) {
    mean_ = kSmoothing * mean_ + (1 - kSmoothing) * value;
    weight_ = kSmoothing * weight_ + (1 - kSmoothing);
    return mean_ / weight_;
  }

 private:
  double mean_ = 0, weight_ = 0;
};

// Uses whole batches only, so that every loss is a mean over equally many rows.
void raise_rate(TrainingStep& step, BatchFeed& feed, std::int64_t batch, const RateTestOptions& test,
                std::uint64_t seed, RateTest& result) {
  const double factor = test.highest / test.lowest;
  Smooth smooth;
  double lowest = INFINITY;
  for (std::int64_t k = 0; k < test.steps; ++k) {
    const RowsView* rows = &feed.next();
    if (rows->rows() != batch) rows = &feed.next();
    const double rate = test.lowest * math::power(factor, static_cast<double>(k) / static_cast<double>(test.steps - 1));
    const double loss = step.run(rows->features, rows->targets, k + 1, rate, seed, 0, rows->weights);
    if (!step.updated()) return;
    result.rates.push_back(rate);
    result.losses.push_back(smooth(loss));
    lowest = std::min(lowest, result.losses.back());
    if (result.losses.back() > kExploded * std::max(lowest, 0.25 * result.losses.front())) return;
  }
}

std::size_t lowest_step(const RateTest& test) {
  return static_cast<std::size_t>(std::ranges::min_element(test.losses) - test.losses.begin());
}

// The smoothed loss at a step lags kLag steps behind.
double rate_of(const RateTest& test) {
  constexpr auto kLag = static_cast<std::ptrdiff_t>(kSmoothing / (1 - kSmoothing) + 0.5);
  const auto lowest = static_cast<std::ptrdiff_t>(lowest_step(test));
  return test.rates[static_cast<std::size_t>(std::max<std::ptrdiff_t>(lowest - kLag, 0))] / kBelowTheLowest;
}

}  // namespace

double RateTest::rate_of_lowest_loss() const { return rates[lowest_step(*this)]; }

RateTest find_rate(const Network& network, const TrainOptions& options, const Examples& train,
                   const RateTestOptions& test) {
  require_options(options, network);
  return find_rate(network, options, rows_of(network, train, "rate test", "training"), test);
}

RateTest find_rate(const Network& network, const TrainOptions& options, const RowSource& train,
                   const RateTestOptions& test) {
  require_options(options, network);
  require_rows(network, train, "rate test", "training");
  require_test(test, network.options().dtype);
  if (options.step.optimizer.full_batch()) return {.rate = 1, .rates = {}, .losses = {}};
  Network copy = network.copy();
  const std::int64_t rows = train.rows();
  const std::int64_t batch = options.batch_size <= 0 ? rows : std::min(options.batch_size, rows);
  const std::optional<Tensor> weights = normalized_weights(train);
  StepOptions step_options = options.step;
  step_options.weighted = weights.has_value();
  step_options.steps = test.steps;
  TrainingStep step(copy, batch, type_of_rows(*train.types().targets, batch), step_options);
  const Tensor* const fed_weights = weights ? &*weights : nullptr;
  BatchFeed feed(train, fed_weights,
                 BatchFeedOptions{.batch = batch,
                                  .epochs = test.steps,  // more than needed
                                  .shuffle = options.shuffle,
                                  .seed = options.seed,
                                  .ahead = false,
                                  .busy_threads = options.step.session.threads});
  if (options.fit_layers) fit_layers(copy, train, fed_weights, options.step.session);
  require_initialized(copy, "rate test");
  RateTest result;
  raise_rate(step, feed, batch, test, options.seed, result);
  if (result.rates.empty()) {
    throw Error(fmt::format("rate test: the loss or its gradient is not finite at the rate {} already; scale the data",
                            test.lowest));
  }
  result.rate = rate_of(result);
  return result;
}

}  // namespace hillock
