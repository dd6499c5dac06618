// The numbers that the host feeds in each step: the optimizer's, followed by those that layers asked for.
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

// Whether a group of parameters has a rate or a decay of its own.
inline bool has_factors(const nn::StateLayout& layout) {
  return std::ranges::any_of(layout.groups,
                             [](const nn::StateLayout::Group& group) { return group.factors != nn::ParameterGroup{}; });
}

class StepNumbers {
 public:
  StepNumbers() = default;
  // `steps` is the number of steps of the whole run, or 0 if it is not known.
  StepNumbers(const Optimizer& optimizer, const nn::StateLayout& layout, std::int64_t steps)
      : optimizer_(optimizer), layers_(layout.numbers), steps_(steps), values_(optimizer.numbers + layers_.size()) {
    require_step_numbers(optimizer);
    if (!has_factors(layout)) return;
    for (std::size_t k = 0; k < std::min(optimizer.numbers, optimizer.number_kinds.size()); ++k) {
      if (optimizer.number_kinds[k] == NumberKind::kept) less_one_.push_back(k);
    }
  }

  // The numbers of step `step` (the first is 1) at the learning rate `rate`, valid until the next call.
  std::span<const double> at(std::int64_t step, double rate) {
    optimizer_.step_numbers(step, rate, std::span(values_).first(optimizer_.numbers));
    for (const std::size_t k : less_one_) values_[k] -= 1;
    for (std::size_t k = 0; k < layers_.size(); ++k)
      values_[optimizer_.numbers + k] = layers_[k].value({.step = step, .steps = steps_, .rate = rate});
    return values_;
  }
  // The numbers that the last call returned.
  std::span<const double> last() const { return values_; }
  std::span<const double> of_layers() const { return last().subspan(values_.size() - layers_.size()); }

 private:
  Optimizer optimizer_;  // a copy, since step_numbers may change its state
  std::vector<nn::NumberSpec> layers_;
  // The indices of the numbers of NumberKind::kept if groups have factors. They are fed less 1, because f32 numbers
  // near 1 have no bits for what a factor is to multiply.
  std::vector<std::size_t> less_one_;
  std::int64_t steps_ = 0;
  std::vector<double> values_;
};

}  // namespace hillock
