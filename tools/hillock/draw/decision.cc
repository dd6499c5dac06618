// From outputs to the class that wins.
#include "draw/decision.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hillock/tensor.h"

namespace hillock::program {

std::vector<Decision> decide(const Tensor& outputs, bool margins) {
  const std::int64_t count = outputs.shape()[1];
  std::vector<Decision> decisions;
  for (std::int64_t row = 0; row < outputs.shape()[0]; ++row) {
    Decision& decision = decisions.emplace_back();
    double most = outputs.at(row * count);
    if (count == 1) {
      decision.winner = most > (margins ? 0 : 0.5) ? 1 : 0;
      if (decision.winner == 0) most = margins ? -most : 1 - most;
    }
    for (std::int64_t k = 1; k < count; ++k) {
      const double value = outputs.at(row * count + k);
      if (!(value > most)) continue;
      most = value;
      decision.winner = static_cast<std::size_t>(k);
    }
    decision.share = std::isnan(most) ? most : std::clamp(margins ? (1 + most) / 2 : most, 0.0, 1.0);
  }
  return decisions;
}

Tensor encode_rows(const Model& model, Tensor rows, DType dtype) {
  if (!model.encoding.empty()) return model.encoding.apply(model.features, rows, dtype);
  model.features.apply(rows);
  return converted(std::move(rows), dtype);
}

}  // namespace hillock::program
