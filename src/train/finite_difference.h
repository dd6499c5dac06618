// Computes the loss of a batch in f64 as a function of single numbers, and its slope by difference quotients, without
// any formula for a gradient. Gradients are checked against it.
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
  bool kink = false;  // whether E has a kink so near v that even the smallest h crosses it; `value` is then meaningless
};

// Runs the forward pass of a training step, with the same dropout masks, but in f64. An offset, initially 0, is added
// to every value that a layer shows (nn::Tap), so that E can be differentiated by the values between layers as well as
// by parameters. Belongs to one thread. `network` need not outlive it.
class LossProbe {
 public:
  LossProbe(const Network& network, std::int64_t batch, const TensorType& targets, const nn::Loss& loss, bool weighted);

  // Copies parameters and statistics from `network`, of any dtype, and resets the offsets to 0.
  void set_parameters(const Network& network);
  // `weights` are those of the rows, if they have any; `position` is that of a training step; `numbers` are the step's
  // numbers that layers asked for.
  void set_batch(const Tensor& features, const Tensor& targets, const Tensor* weights,
                 std::array<std::int64_t, 3> position, std::span<const double> numbers = {});

  double loss();
  // All parameters; and the offset of the value number `tap`, counted in the order in which layers show them.
  std::span<double> parameters();
  std::span<double> offset(std::size_t tap);

  // The slope with respect to `variable`, an element of one of these, which has its old value again on return. Uses
  // Ridders' method (Ridders 1982; Press et al. 2007, section 5.7): quotients for h = h₁, h₁/2, h₁/4, … are
  // extrapolated, and the extrapolation with the smallest estimated error is kept. h₁ is the largest for which no op
  // crosses a kink (Op::kink).
  Slope slope(double& variable);

 private:
  void describe(const TensorType& targets, std::int64_t batch, const nn::Loss& loss, bool weighted);
  // E with `variable` set to `at`. Sets `same_side` to false if an element's sign differs from that in `sides_`.
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
