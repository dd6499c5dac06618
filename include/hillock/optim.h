// Optimizers and learning-rate schedules. An optimizer describes one update over the contiguous parameter block;
// numbers that change from step to step reach it as scalars fed by the host.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/menu.h"

namespace hillock {

struct Update {
  Value parameters;
  std::vector<Value> slots;
};

// L-BFGS (Liu & Nocedal 1989) with a line search that meets the strong Wolfe conditions (Nocedal & Wright 2006,
// algorithms 3.5 and 3.6).
struct LbfgsOptions {
  int history = 10;           // pairs of steps and changes of the gradient that are kept
  double weight_decay = 0;    // lambda: ½ lambda |p|² is minimized with the loss
  double decrease = 1e-4;     // c1: f falls by at least this share of what its slope promises
  double curvature = 0.9;     // c2: the slope along the step falls at least to this share
  int most_evaluations = 25;  // of f in one line search
};

// What the factors of a parameter group (nn::ParameterGroup) make of one of an optimizer's numbers.
enum class NumberKind : std::uint8_t {
  same,  // nothing
  rate,  // proportional to the rate
  kept,  // 1 - rate * decay: the share of a parameter that decoupled decay leaves. Where parameters belong to groups
         // -rate * decay is fed, which has more digits; `update` gets the share as always.
};

struct Optimizer {
  std::string name;
  std::vector<std::string> slots;  // state kept for each parameter element, zero at the start: "momentum"
  std::size_t numbers = 1;         // how many scalars step_numbers gives
  // The scalars of step `step` (the first is 1) at learning rate `rate`.
  std::function<void(std::int64_t step, double rate, std::span<double> numbers)> step_numbers;
  // Adds the update to the graph. `parameters`, `gradient` and each slot are [elements]; each number is a scalar or,
  // where parameters belong to groups with different factors, [elements].
  std::function<Update(Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                       std::span<const Value> numbers)>
      update;
  // Set for L-BFGS, which a Trainer drives from the host: it needs the loss of all rows several times for each step, so
  // `update` is empty and a TrainingStep only computes loss and gradient.
  std::optional<LbfgsOptions> lbfgs{};
  // L2: this times the parameters is added to the gradient that `update` gets.
  double weight_decay = 0;
  // What each number is; empty: the optimizer knows no groups, and a network that has some is refused.
  std::vector<NumberKind> number_kinds{};

  // Whether it takes all rows in each step, in their order, with a loss that stays the same (no dropout), and finds the
  // length of its steps itself (no clipping).
  bool takes_all_rows() const { return lbfgs.has_value(); }
};

// p <- p - rate (g + weight_decay p); with momentum: v <- momentum v + g, p <- p - rate v; Nesterov: p <- p - rate
// (g + momentum v). The form of Sutskever et al. 2013 as PyTorch has it.
struct SgdOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;  // L2: added to the gradient
};
Optimizer sgd(SgdOptions options = {});

// Adam (Kingma & Ba 2015). `decoupled`: p <- p - rate weight_decay p instead of adding to the gradient (AdamW,
// Loshchilov & Hutter 2019).
struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;
};
Optimizer adam(AdamOptions options = {});

// s <- s + g², p <- p - rate / (1 + (t - 1) rate_decay) g / (√s + epsilon), s = initial at first (Duchi et al. 2011, as
// PyTorch has it).
struct AdagradOptions {
  double rate_decay = 0;
  double initial = 0;
  double epsilon = 1e-10;
  double weight_decay = 0;  // L2
};
Optimizer adagrad(AdagradOptions options = {});

// v <- alpha v + (1 - alpha) g², p <- p - rate g / (√v + epsilon) (Tieleman & Hinton 2012, as PyTorch has it).
// Centered: √(v - m²) with m <- alpha m + (1 - alpha) g (Graves 2013). Momentum: b <- momentum b + g / (…), p <- p -
// rate b.
struct RmspropOptions {
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  bool centered = false;
  double weight_decay = 0;  // L2
};
Optimizer rmsprop(RmspropOptions options = {});

// Adam with Nesterov's momentum (Dozat 2016): with mu_t = beta1 (1 - ½ 0.96^(t momentum_decay)) and M_t the product of
// mu_1 … mu_t, p <- p - rate ((1 - mu_t) g / (1 - M_t) + mu_{t+1} m / (1 - M_{t+1})) / (√v̂ + epsilon). As PyTorch has
// it; Keras's has a momentum_decay of 1.
struct NadamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double momentum_decay = 4e-3;
  double weight_decay = 0;  // L2
};
Optimizer nadam(NadamOptions options = {});

// The rate is the first length that a line search tries: 1 unless there is a reason.
Optimizer lbfgs(LbfgsOptions options = {});

// What the command line knows: sgd, momentum, nesterov, adam, adamw, nadam, adagrad, rmsprop, lbfgs.
struct NamedOptimizerOptions {
  double momentum = 0.9;
  double weight_decay = 0;
};
// An optimizer of the menu, with every fact that a trainer, the program or a trace goes by: nobody asks for its name.
struct OptimizerInfo {
  std::string_view name;
  std::string_view summary;
  Optimizer (*make)(const NamedOptimizerOptions& options) = nullptr;
  double rate = 0;              // that usually works; 0: Adam's, which depends on the data
  bool takes_momentum = false;  // NamedOptimizerOptions::momentum
  bool takes_all_rows = false;  // Optimizer::takes_all_rows
  // Its update as a formula, and what the slots are called there, in the order of Optimizer::slots: η is the rate, λ
  // the decay, μ the momentum; `by` stands for ∂E/∂w. nullptr: it has none.
  std::span<const std::string_view> slot_letters{};
  std::string (*formula)(std::string_view by, bool decay) = nullptr;
  std::string_view formula_numbers = "";  // further numbers in it: "β₁ = 0.9, β₂ = 0.999, ε = 1e-8"
  bool counts_steps = false;              // whether t, the number of the step, is in it
};
// In the order in which they are listed to a person.
std::span<const OptimizerInfo> optimizer_infos();
const OptimizerInfo& optimizer_info(std::string_view name);  // throws Error (with the nearest name) if unknown
std::vector<nn::NameAndSummary> optimizers();
Optimizer optimizer_from_name(std::string_view name, NamedOptimizerOptions options = {});  // throws Error if unknown

// `gradient` scaled so that its Euclidean norm is at most `max_norm` (Pascanu et al. 2013): times min(1, max_norm /
// (norm + 1e-6)), as PyTorch has it.
Value clip_by_global_norm(Graph& graph, Value gradient, double max_norm);

// The learning rate by step. `total` is the number of steps of the whole run.
struct Schedule {
  enum class Kind : std::uint8_t { constant, step, cosine, exponential, one_cycle, on_plateau };
  Kind kind = Kind::constant;
  double warmup = 0;            // fraction of the run in which the rate rises linearly from 0; not for one_cycle
  double step_every = 1 / 3.0;  // step: multiply by step_factor each time this fraction of the run has passed
  double step_factor = 0.1;
  double final_fraction = 0;      // cosine: the rate at the end, as a fraction of the base rate
  double exponential_end = 0.01;  // exponential: likewise, the rate falls by the same factor at each step
  // one_cycle (Smith & Topin 2017): from 1 / cycle_start up to 1 along a half cosine during cycle_rise of the run, then
  // down to 1 / (cycle_start cycle_end), as PyTorch's OneCycleLR.
  double cycle_rise = 0.3, cycle_start = 25, cycle_end = 1e4;
  // on_plateau: multiply by plateau_factor whenever the loss has not fallen by a share of plateau_threshold below its
  // lowest for more than plateau_patience epochs (Plateau, below).
  double plateau_factor = 0.1;
  std::int64_t plateau_patience = 10;
  double plateau_threshold = 1e-4;

  // The factor for step `step` (the first is 1) of `total`; for on_plateau that of its warm-up alone.
  double factor(std::int64_t step, std::int64_t total) const;
};
// The factor of Schedule::Kind::on_plateau, epoch by epoch, as PyTorch's ReduceLROnPlateau.
class Plateau {
 public:
  explicit Plateau(const Schedule& schedule) : schedule_(schedule) {}
  // `loss` of the epoch that has ended; a NaN is no improvement.
  void observe(double loss);
  double factor() const { return state_.factor; }

  // All that what comes next depends on.
  struct State {
    double best = std::numeric_limits<double>::infinity();
    double factor = 1;
    std::int64_t epochs_without = 0;
  };
  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  Schedule schedule_;
  State state_;
};

std::vector<nn::NameAndSummary> schedules();
// "cosine", "exponential 0.001", "on-plateau 0.5 5". Throws Error if unknown or malformed.
Schedule schedule_from_name(std::string_view text);

}  // namespace hillock
