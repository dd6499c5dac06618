// Computes the outputs of the constant baseline.
#include "table/constant_output.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hillock {
namespace {

double value_of(nn::Activation output, double x) {
  switch (output) {
    case nn::Activation::gelu: return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
    case nn::Activation::silu: return x / (1 + std::exp(-x));
    default: return x * std::tanh(std::log1p(std::exp(x)));  // mish
  }
}

// gelu, silu and mish fall, reach their minimum at -0.75 or below, and then rise. Finds by bisection the argument in
// the rising range that gives `mean`.
double inverse_where_it_rises(nn::Activation output, double mean) {
  double low = -0.75, high = std::max(mean, 0.0) + 1;
  for (int k = 0; k < 100; ++k) {
    const double middle = (low + high) / 2;
    (value_of(output, middle) < mean ? low : high) = middle;
  }
  return high;
}

}  // namespace

double inverse(nn::Activation output, double mean) {
  constexpr double kLeast = 1e-7;
  const double share = std::clamp(mean, kLeast, 1 - kLeast);
  switch (output) {
    case nn::Activation::sigmoid: return std::log(share / (1 - share));
    case nn::Activation::softmax: return std::log(share);
    case nn::Activation::tanh: return std::atanh(std::clamp(mean, kLeast - 1, 1 - kLeast));
    case nn::Activation::softplus: return std::log(std::expm1(std::max(mean, kLeast)));
    case nn::Activation::relu: return std::max(mean, 0.0);
    case nn::Activation::leaky_relu: return mean > 0 ? mean : mean / 0.01;
    case nn::Activation::elu: return mean > 0 ? mean : std::log1p(std::max(mean, kLeast - 1));
    case nn::Activation::selu:
      return mean > 0 ? mean / 1.0507009873554805 : std::log1p(std::max(mean / 1.7580993408473766, kLeast - 1));
    case nn::Activation::gelu:
    case nn::Activation::silu:
    case nn::Activation::mish: return inverse_where_it_rises(output, mean);
    case nn::Activation::identity: return mean;
  }
  return mean;
}

void to_margins(std::vector<double>& shares) {
  if (shares.size() == 1) {
    shares[0] = shares[0] > 0.5 ? 1 : -1;
    return;
  }
  const auto most_frequent = std::ranges::max_element(shares) - shares.begin();
  std::ranges::fill(shares, 0.0);
  shares[static_cast<std::size_t>(most_frequent)] = 1;
}

double quantile_of(std::vector<WeightedValue> values, double share) {
  std::ranges::sort(values, {}, &WeightedValue::value);
  double total = 0, below = 0;
  for (const WeightedValue& item : values) total += item.weight;
  for (const WeightedValue& item : values) {
    below += item.weight;
    if (below >= share * total) return item.value;
  }
  return values.back().value;
}

}  // namespace hillock
