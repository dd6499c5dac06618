// Decides which class is predicted.
#include "hillock/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/error.h"

namespace hillock {

template <class T>
std::size_t predicted_class(std::span<const T> outputs, bool margins) {
  if (outputs.size() == 1) return outputs[0] > (margins ? T(0) : T(0.5)) ? 1 : 0;
  std::size_t winner = 0;
  for (std::size_t k = 1; k < outputs.size(); ++k) winner = outputs[k] > outputs[winner] ? k : winner;
  return winner;
}

template <class T>
void class_scores(std::span<const T> outputs, bool margins, std::vector<T>& scores) {
  scores.assign(outputs.begin(), outputs.end());
  if (outputs.size() == 1) scores.insert(scores.begin(), margins ? -outputs[0] : 1 - outputs[0]);
}

template std::size_t predicted_class(std::span<const float>, bool);
template std::size_t predicted_class(std::span<const double>, bool);
template void class_scores(std::span<const float>, bool, std::vector<float>&);
template void class_scores(std::span<const double>, bool, std::vector<double>&);

std::vector<Decision> decide(const Tensor& outputs, bool margins) {
  if (!is_float(outputs.dtype()) || outputs.shape().rank() != 2 || outputs.shape()[1] < 1) {
    throw Error(fmt::format("decide: the outputs are {}; give f32 or f64 [rows, outputs]", outputs.type().to_string()));
  }
  const Tensor numbers = converted(outputs, DType::f64);
  const auto count = static_cast<std::size_t>(outputs.shape()[1]);
  std::vector<Decision> decisions;
  std::vector<double> scores;
  for (std::size_t row = 0; row < static_cast<std::size_t>(outputs.shape()[0]); ++row) {
    const auto of_row = numbers.values<double>().subspan(row * count, count);
    const std::size_t winner = predicted_class(of_row, margins);
    class_scores(of_row, margins, scores);
    const double score = scores[winner];
    decisions.push_back(
        {.winner = winner,
         .confidence = std::isnan(score) ? score : std::clamp(margins ? (1 + score) / 2 : score, 0.0, 1.0)});
  }
  return decisions;
}

}  // namespace hillock
