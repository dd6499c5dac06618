// All numbers that the host feeds at a step: the optimizer's, then those that layers asked for.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/optim.h"

namespace hillock {

inline void require_step_numbers(const Optimizer& optimizer) {
  if (optimizer.step_numbers) return;
  throw Error(fmt::format("training step: optimizer \"{}\" has no step_numbers; set the function that gives its {}",
                          optimizer.name, optimizer.numbers));
}

// Whether some group of parameters has a rate or a decay of its own.
inline bool has_factors(const nn::StateLayout& layout) {
  return std::ranges::any_of(layout.groups,
                             [](const nn::StateLayout::Group& group) { return group.factors != nn::ParameterGroup{}; });
}

class StepNumbers {
 public:
  StepNumbers() = default;
  // `steps` is the number of steps of the whole run, 0 where it is not known.
  StepNumbers(const Optimizer& optimizer, const nn::StateLayout& layout, std::int64_t steps)
      : optimizer_(optimizer), layers_(layout.numbers), steps_(steps), values_(optimizer.numbers + layers_.size()) {
    require_step_numbers(optimizer);
    if (!has_factors(layout)) return;
    for (std::size_t k = 0; k < std::min(optimizer.numbers, optimizer.number_kinds.size()); ++k) {
      if (optimizer.number_kinds[k] == NumberKind::kept) less_one_.push_back(k);
    }
  }

  // Those of step `step` (the first is 1) at the learning rate `rate`, valid until the next call.
  std::span<const double> at(std::int64_t step, double rate) {
    optimizer_.step_numbers(step, rate, std::span(values_).first(optimizer_.numbers));
    for (const std::size_t k : less_one_) values_[k] -= 1;
    for (std::size_t k = 0; k < layers_.size(); ++k)
      values_[optimizer_.numbers + k] = layers_[k].value({.step = step, .steps = steps_, .rate = rate});
    return values_;
  }
  // Those of the last call.
  std::span<const double> last() const { return values_; }
  std::span<const double> of_layers() const { return last().subspan(values_.size() - layers_.size()); }

 private:
  Optimizer optimizer_;  // its own: step_numbers may carry something on
  std::vector<nn::NumberSpec> layers_;
  // The numbers of NumberKind::kept where groups have factors: an f32 next to 1 has no room for what a factor is to
  // multiply.
  std::vector<std::size_t> less_one_;
  std::int64_t steps_ = 0;
  std::vector<double> values_;
};

}  // namespace hillock
