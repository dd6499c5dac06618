// From the outputs of a classification to its classes: one rule for metrics, predictions and pictures.
//
// A network has an output for each class, or a single one for the second of two. After the output activation they are
// probabilities; trained on margins (nn::Loss::margins) they are margins, above 0 where they speak for the class.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

// The class with the largest of a row's outputs, the first of equal ones. A single output speaks for the second class
// where it exceeds ½, a single margin where it exceeds 0. T is float or double.
template <class T>
std::size_t predicted_class(std::span<const T> outputs, bool margins);

// What a row's outputs say about each class: the outputs themselves; of a single probability p {1 − p, p}, of a single
// margin m {−m, m}. `scores` is overwritten.
template <class T>
void class_scores(std::span<const T> outputs, bool margins, std::vector<T>& scores);

struct Decision {
  std::size_t winner = 0;
  double confidence = 0;  // the winner's probability; of margins ½ (1 + margin), from 0 to 1; NaN where the outputs are
};
// For each row of `outputs` [rows, outputs], f32 or f64.
std::vector<Decision> decide(const Tensor& outputs, bool margins);

}  // namespace hillock
