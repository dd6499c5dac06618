// The loss of one batch as a function of single numbers, in f64, and its slope by each of them without any formula for
// a gradient: what a gradient is checked against.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/session.h"
#include "hillock/tensor.h"

namespace hillock {

// A difference quotient (E(v + h) - E(v - h)) / 2h, extrapolated to h = 0.
struct Slope {
  double value = 0;   // infinite if E is not finite around v
  bool kink = false;  // E has a kink so near v that even the smallest h steps over it; `value` means nothing
};

// The same forward pass that a training step describes, dropout's masks included, but in f64 and with one thing added
// to every value that a layer shows (nn::Tap): an offset, 0 until somebody changes it. So E can be differentiated by
// what passes between layers as well as by parameters. Belongs to one thread; `network` may go away.
class LossProbe {
 public:
  LossProbe(const Network& network, std::int64_t batch, const TensorType& targets, const nn::Loss& loss, bool weighted);

  // Parameters and statistics as they are in `network`, of whatever dtype; offsets return to 0.
  void set_parameters(const Network& network);
  // `weights` of the rows, if they have any; `position` is that of a training step, `numbers` are those of the step
  // that layers asked for.
  void set_batch(const Tensor& features, const Tensor& targets, const Tensor* weights,
                 std::array<std::int64_t, 3> position, std::span<const double> numbers = {});

  double loss();
  // The block of all parameters, and the offset of value number `tap` in the order in which layers show them.
  std::span<double> parameters();
  std::span<double> offset(std::size_t tap);

  // By `variable`, an element of one of these, which is what it was before when this returns. Ridders' method (Ridders
  // 1982; Press et al. 2007, section 5.7): quotients for h = h₁, h₁/2, h₁/4, … are extrapolated, and the extrapolation
  // with the smallest estimated error is kept. h₁ is the largest for which no op crosses a kink (Op::kink).
  Slope slope(double& variable);

 private:
  void describe(const TensorType& targets, std::int64_t batch, const nn::Loss& loss, bool weighted);
  // E where `variable` is `at`; `same_side` becomes false where an element has another sign than `sides_` has.
  double loss_at(double& variable, double at, bool& same_side);
  std::vector<std::int8_t> sides() const;

  Network network_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<Session> session_;
  Tensor features_, targets_, weights_;
  std::array<std::int64_t, 3> position_{};
  std::vector<double> numbers_;
  std::vector<Tensor> offsets_;
  std::vector<std::int8_t> sides_;
};

}  // namespace hillock
