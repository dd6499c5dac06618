// What a network answers for a row, as pictures show it.
#pragma once

#include <cstddef>
#include <vector>

#include "hillock/model.h"

namespace hillock::program {

// The class that wins, and its probability; of margins ½ (1 + margin), from 0 to 1.
struct Decision {
  std::size_t winner = 0;
  double share = 0;  // NaN where the outputs are
};
// `outputs` [rows, outputs] of a classification. One output stands for the second of two classes.
std::vector<Decision> decide(const Tensor& outputs, bool margins);

// Model::encode for a model whose network, of `dtype`, is elsewhere. `rows` are f64 [count, columns].
Tensor encode_rows(const Model& model, Tensor rows, DType dtype);

}  // namespace hillock::program
