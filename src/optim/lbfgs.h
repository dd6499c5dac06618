// L-BFGS (Liu & Nocedal 1989; Nocedal & Wright, algorithms 7.4 and 7.5), in double precision on the host. Sums are
// taken in the order of the elements, so that the same function gives the same bits.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "hillock/optim.h"
#include "hillock/state.h"
#include "state/cursor.h"

namespace hillock::optim {

class Lbfgs {
 public:
  // The value at `x`, and its gradient. May round `x` to the numbers it really looks at.
  using Function = std::function<double(std::span<double> x, std::span<double> gradient)>;
  enum class End : std::uint8_t { moved, converged, not_finite };

  Lbfgs(std::size_t size, const LbfgsOptions& options) : options_(options), gradient_(size) {}

  // One iteration from `x`, which it moves; the last call of `function` is at the `x` it leaves. The first trial of the
  // line search is `rate`, and where nothing is known of the curvature yet at most a distance of `rate`. converged: no
  // step lowers the value, `x` stays. not_finite: the value or the gradient at `x` is not, `x` stays.
  End step(std::span<double> x, double rate, const Function& function);

  // The next step evaluates the function at its start again: it is another one than in the last step.
  void forget_value() { known_ = false; }

  // At the x that the last step left.
  double value() const { return value_; }
  std::span<const double> gradient() const { return gradient_; }
  std::int64_t evaluations() const { return evaluations_; }  // in all

  // What the next step depends on, besides x: scalars, and the pairs and the gradient as blocks. Taking them throws
  // Error if they are of another size.
  void visit(Cursor& cursor);
  void put_into(Snapshot& snapshot) const;
  void take_from(const Snapshot& snapshot);

  // -H `gradient`, H the inverse Hessian that the pairs kept stand for (algorithm 7.4).
  std::vector<double> direction() const;

 private:
  struct Pair {
    std::vector<double> step, change;  // of x, of the gradient
    double curvature;                  // their product
  };

  double evaluate(std::span<double> x, std::vector<double>& gradient, const Function& function);
  // False if no point of the line is lower.
  bool move(std::span<double> x, const std::vector<double>& along, double rate, const Function& function);
  void remember(std::span<const double> before, std::span<const double> x, const std::vector<double>& gradient);

  LbfgsOptions options_;
  std::deque<Pair> pairs_;  // the newest last
  std::vector<double> gradient_;
  double value_ = 0;
  bool known_ = false;  // value_ and gradient_ are those of x
  std::int64_t evaluations_ = 0;
};

}  // namespace hillock::optim
