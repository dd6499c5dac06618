// For tests: what the author of an op states for the shared proofs (src/ops/proof_test.cc): the tolerance against the
// oracle and why, and the points at which the gradient is compared with finite differences. Not in the library.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/tensor.h"

namespace hillock {

// A point at which first and second derivatives are checked in f64. Values must be at least 1e-3 away from kinks, ties
// and the boundary of the op's domain, where finite differences are meaningless.
struct GradientCase {
  std::string name;
  std::vector<Tensor> inputs;  // f64, or i32/i64 with a range
  Attributes attributes;
  std::vector<bool> check{};  // which inputs to differentiate; empty for every f64 input
};

struct OpSpec {
  std::string op;
  // The largest relative error against the oracle (relative to max(|expected|, smallest normal)), for f64, and for f32
  // inputs rounded from the oracle's. State the reason in a comment. 0 means equal.
  double tolerance_f64 = 0;
  double tolerance_f32 = 0;
  // For each output that is a difference, the size of its terms. If they cancel, errors are relative to this size and
  // not to the result. Empty if nothing cancels.
  std::vector<double> magnitudes{};
  std::vector<GradientCase> gradient_cases{};  // empty only for ops that are not differentiable
  bool second_order = true;                    // false only with a comment that says why
};

// Collects the specs of all op folders. Each spec.cc has: `static const bool registered = register_spec({...});`
bool register_spec(OpSpec spec);
const std::vector<OpSpec>& registered_specs();

// `count` f64 values in [low, high) from a fixed pseudo-random sequence, as inputs of gradient cases.
Tensor sample_values(Shape shape, double low, double high, std::uint64_t seed = 1);
Tensor integer_values(Shape shape, std::initializer_list<std::int32_t> values, IntegerRange range);

}  // namespace hillock
