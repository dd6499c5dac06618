// For tests: derivatives by finite differences, and their comparison with those of the reverse walk.
#pragma once

#include <string>
#include <vector>

#include "tests/proof_case.h"

namespace hillock {

// An applied op with the scalar Σ weight · out, its gradients, and the gradients of Σ direction · gradient.
struct DifferentiatedOp {
  AppliedOp applied;
  std::vector<std::size_t> checked;     // numbers of the operands differentiated
  std::vector<Value> out, out_weights;  // float outputs and the inputs that weigh them
  std::vector<Value> first;             // by checked operand: gradients
  std::vector<Value> first_weights;
  std::vector<Value> second;  // by checked operand: gradients of Σ first_weights · first; empty unless wanted
};
DifferentiatedOp differentiate(const Op& op, const ProofCase& point, bool second_order);

// Compares d(Σ weights · values)/d(operand), by finite differences in f64, with `analytic`, for every checked operand:
// along each element of a small operand, along random directions of a large one. Empty if all agree within
// 1e-6 max(|difference|, |analytic|, 1e-3 scale), where scale is the largest absolute value of the operand's analytic
// derivative: an element a thousand times smaller than its neighbours is held to their scale. Else what differs.
//
// The difference is Richardson's extrapolation of central differences at h and h/2, h = 2e-4 max(1, |x|): its error is
// of order h^4 (1e-15), rounding adds 2^-52 / h (1e-12), both far below 1e-6; and no point moves by more than 1e-3.
std::string difference_from_finite(const DifferentiatedOp& differentiated, const std::vector<Value>& values,
                                   const std::vector<Value>& weights, const std::vector<Value>& analytic);

}  // namespace hillock
