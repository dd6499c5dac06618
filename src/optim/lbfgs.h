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
  // Returns the value at `x` and sets its gradient. May round `x` to the numbers at which it evaluates.
  using Function = std::function<double(std::span<double> x, std::span<double> gradient)>;
  enum class End : std::uint8_t { moved, converged, not_finite };

  Lbfgs(std::size_t size, const LbfgsOptions& options) : options_(options), gradient_(size) {}

  // Makes one iteration from `x` and changes it; the last call of `function` is at the final `x`. The line search first
  // tries `rate`, or a distance of at most `rate` if the curvature is not known yet. converged: no step lowers the
  // value; `x` is unchanged. not_finite: the value or the gradient at `x` is not finite; `x` is unchanged.
  End step(std::span<double> x, double rate, const Function& function);

  // Makes the next step evaluate the function at its start again, because the function has changed.
  void forget_value() { known_ = false; }

  // The value at the x of the last step.
  double value() const { return value_; }
  std::span<const double> gradient() const { return gradient_; }
  std::int64_t evaluations() const { return evaluations_; }  // of all steps

  // Visits what the next step depends on, besides x: scalars, and the pairs and the gradient as blocks. Reading them
  // throws Error if their size differs.
  void visit(Cursor& cursor);
  void put_into(Snapshot& snapshot) const;
  void take_from(const Snapshot& snapshot);

  // -H `gradient`, where H is the inverse Hessian approximated by the stored pairs (algorithm 7.4).
  std::vector<double> direction() const;

 private:
  struct Pair {
    std::vector<double> step, change;  // the changes of x and of the gradient
    double curvature;                  // their product
  };

  double evaluate(std::span<double> x, std::vector<double>& gradient, const Function& function);
  // Returns false if no point on the line is lower.
  bool move(std::span<double> x, const std::vector<double>& along, double rate, const Function& function);
  void remember(std::span<const double> before, std::span<const double> x, const std::vector<double>& gradient);

  LbfgsOptions options_;
  std::deque<Pair> pairs_;  // the newest is the last
  std::vector<double> gradient_;
  double value_ = 0;
  bool known_ = false;  // whether value_ and gradient_ are those at x
  std::int64_t evaluations_ = 0;
};

}  // namespace hillock::optim
