// The menu of optimizers: one record for each, with every fact that other code needs.
#include <fmt/format.h>

#include <array>

#include "hillock/optim.h"
#include "nn/named.h"

namespace hillock {
namespace {

// The gradient g of the loss, including that of λ ½ |w|² if the decay is part of it.
std::string gradient(std::string_view by, bool decay) { return fmt::format("g = {}{}; ", by, decay ? " + λ w" : ""); }

constexpr const char* kMoments = "m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; ";
constexpr const char* kAdamStep = "η m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)";
constexpr std::string_view kAdamNumbers = "β₁ = 0.9, β₂ = 0.999, ε = 1e-8";
constexpr std::array<std::string_view, 1> kVelocity{"v"}, kSum{"s"};
constexpr std::array<std::string_view, 2> kMomentLetters{"m", "v"};

const std::array kMenu{
    OptimizerInfo{.name = "sgd",
                  .summary = "gradient descent",
                  .make = [](const NamedOptimizerOptions& named) { return sgd({.weight_decay = named.weight_decay}); },
                  .rate = 0.1,
                  .formula =
                      [](std::string_view by, bool decay) {
                        return decay ? fmt::format("w′ = w − η ({} + λ w)", by) : fmt::format("w′ = w − η {}", by);
                      }},
    OptimizerInfo{
        .name = "momentum",
        .summary = "gradient descent with momentum (--momentum, 0.9)",
        .make =
            [](const NamedOptimizerOptions& named) {
              return sgd({.momentum = named.momentum, .weight_decay = named.weight_decay});
            },
        .rate = 0.01,
        .takes_momentum = true,
        .slot_letters = kVelocity,
        .formula = [](std::string_view by, bool decay) { return gradient(by, decay) + "v ← μ v + g; w′ = w − η v"; }},
    OptimizerInfo{.name = "nesterov",
                  .summary = "gradient descent with Nesterov's momentum",
                  .make =
                      [](const NamedOptimizerOptions& named) {
                        return sgd({.momentum = named.momentum, .nesterov = true, .weight_decay = named.weight_decay});
                      },
                  .rate = 0.01,
                  .takes_momentum = true,
                  .slot_letters = kVelocity,
                  .formula = [](std::string_view by,
                                bool decay) { return gradient(by, decay) + "v ← μ v + g; w′ = w − η (g + μ v)"; }},
    OptimizerInfo{.name = "adam",
                  .summary = "Adam; --weight-decay is added to the gradient (L2)",
                  .make = [](const NamedOptimizerOptions& named) { return adam({.weight_decay = named.weight_decay}); },
                  .slot_letters = kMomentLetters,
                  .formula = [](std::string_view by,
                                bool decay) { return gradient(by, decay) + kMoments + "w′ = w − " + kAdamStep; },
                  .formula_numbers = kAdamNumbers,
                  .counts_steps = true},
    OptimizerInfo{.name = "adamw",
                  .summary = "Adam with decoupled weight decay",
                  .make =
                      [](const NamedOptimizerOptions& named) {
                        return adam({.weight_decay = named.weight_decay, .decoupled = true});
                      },
                  .slot_letters = kMomentLetters,
                  .formula =
                      [](std::string_view by, bool decay) {
                        return gradient(by, false) + kMoments + (decay ? "w′ = w − η λ w − " : "w′ = w − ") + kAdamStep;
                      },
                  .formula_numbers = kAdamNumbers,
                  .counts_steps = true},
    OptimizerInfo{
        .name = "nadam",
        .summary = "Adam with Nesterov's momentum",
        .make = [](const NamedOptimizerOptions& named) { return nadam({.weight_decay = named.weight_decay}); },
        .slot_letters = kMomentLetters,
        .formula =
            [](std::string_view by, bool decay) {
              return gradient(by, decay) + kMoments +
                     "w′ = w − η ((1 − μₜ) g / (1 − Mₜ) + μₜ₊₁ m / (1 − Mₜ₊₁)) / (√v̂ + ε), "
                     "v̂ = v / (1 − β₂ᵗ)";
            },
        .formula_numbers = kAdamNumbers,
        .counts_steps = true},
    OptimizerInfo{
        .name = "adagrad",
        .summary = "rates that shrink with the sum of squared gradients",
        .make = [](const NamedOptimizerOptions& named) { return adagrad({.weight_decay = named.weight_decay}); },
        .rate = 0.02,
        .slot_letters = kSum,
        .formula = [](std::string_view by,
                      bool decay) { return gradient(by, decay) + "s ← s + g²; w′ = w − η g / (√s + ε)"; },
        .formula_numbers = "ε = 1e-10"},
    OptimizerInfo{
        .name = "rmsprop",
        .summary = "rates by a running mean of squared gradients",
        .make = [](const NamedOptimizerOptions& named) { return rmsprop({.weight_decay = named.weight_decay}); },
        .slot_letters = kVelocity,
        .formula = [](std::string_view by,
                      bool decay) { return gradient(by, decay) + "v ← α v + (1 − α) g²; w′ = w − η g / (√v + ε)"; },
        .formula_numbers = "α = 0.99, ε = 1e-8"},
    OptimizerInfo{
        .name = "lbfgs",
        .summary = "quasi-Newton with a line search; all rows in each step (--batch all), no dropout",
        .make = [](const NamedOptimizerOptions& named) { return lbfgs({.weight_decay = named.weight_decay}); },
        .rate = 1,
        .full_batch = true},
};

}  // namespace

std::span<const OptimizerInfo> optimizer_infos() { return kMenu; }

std::vector<nn::NameAndSummary> optimizers() {
  std::vector<nn::NameAndSummary> menu;
  for (const OptimizerInfo& info : kMenu) menu.push_back({std::string(info.name), std::string(info.summary)});
  return menu;
}

const OptimizerInfo& optimizer_info(std::string_view name) {
  return kMenu[nn::find_in_menu("optimizer", optimizers(), name)];
}

Optimizer optimizer_from_name(std::string_view name, NamedOptimizerOptions options) {
  return optimizer_info(name).make(options);
}

}  // namespace hillock
