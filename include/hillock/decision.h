// How the outputs of a classifier become a class: the rule that metrics, predictions and pictures share.
//
// A network has one output per class, or a single output for the second of two classes. The outputs are probabilities
// or, if the loss was a margin loss (nn::Loss::margins), margins, which are above 0 if they favour the class.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

// The class with the largest output; of equal outputs the first. A single probability selects the second class if it
// exceeds ½, a single margin if it exceeds 0. T is float or double.
template <class T>
std::size_t predicted_class(std::span<const T> outputs, bool margins);

// Sets `scores` to one score per class: the outputs themselves, {1 − p, p} for a single probability p, or {−m, m} for a
// single margin m.
template <class T>
void class_scores(std::span<const T> outputs, bool margins, std::vector<T>& scores);

struct Decision {
  std::size_t winner = 0;
  double confidence = 0;  // the winner's probability or, for margins, ½ (1 + margin) in [0, 1]; NaN if an output is NaN
};
// The decision for each row of `outputs` [rows, outputs], f32 or f64.
std::vector<Decision> decide(const Tensor& outputs, bool margins);

}  // namespace hillock
