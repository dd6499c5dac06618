// Why backpropagation: what all gradients cost by one backward pass and by differences, both measured.
#pragma once

#include <cstdint>
#include <string>

#include "hillock/train.h"

namespace hillock::program {

struct TraceSubject;

// Seconds on one thread, medians of rounds in which the three take turns.
struct TraceTimes {
  double forward = 0;           // E
  double forward_backward = 0;  // E and all gradients, as a training step has them before its update
  double differences = 0;       // `passes` forward passes: E here, and once with each parameter moved
  std::int64_t parameters = 0;
  std::int64_t passes = 0;      // parameters + 1
  std::int64_t passes_run = 0;  // fewer than `passes` where all would take more than some seconds
};

// On the subject's rows and parameters, which stay as they are, with the plans that training makes of `options`.
TraceTimes measure_times(const TraceSubject& subject, const StepOptions& options);

// Three lines.
std::string to_text(const TraceTimes& times);

}  // namespace hillock::program
