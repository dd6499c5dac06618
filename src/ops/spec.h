// What an op's author states so that the shared proofs (src/ops/proof_test.cc) can run: where the oracle's tolerance
// comes from and at which points the gradient is compared with finite differences. Test support; not in the library.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/tensor.h"

namespace hillock {

// One point at which first and second derivatives are checked in f64. Values must keep clear (by 1e-3) of kinks, ties
// and the edges of the op's domain, where a finite difference means nothing.
struct GradientCase {
  std::string name;
  std::vector<Tensor> inputs;  // f64, or i32/i64 with a range
  Attributes attributes;
  std::vector<bool> check{};  // which inputs to differentiate; empty: every f64 input
};

struct OpSpec {
  std::string op;
  // Largest relative error against the oracle (relative to max(|expected|, smallest normal)), for f64 and for f32
  // inputs rounded from the oracle's; state the reason in a comment. 0 means equal.
  double tolerance_f64 = 0;
  double tolerance_f32 = 0;
  // For each output, how large the terms are that it is a difference of: where they cancel, errors are relative to this
  // and not to what is left. Empty: nothing cancels.
  std::vector<double> magnitudes{};
  std::vector<GradientCase> gradient_cases{};  // empty only for an op that is not differentiable
  bool second_order = true;                    // false only with a comment that says why
};

// Collects the specs of all op folders. Each spec.cc has: `static const bool registered = register_spec({...});`
bool register_spec(OpSpec spec);
const std::vector<OpSpec>& registered_specs();

// `count` f64 values in [low, high), a fixed pseudo-random sequence: the inputs of gradient cases.
Tensor sample_values(Shape shape, double low, double high, std::uint64_t seed = 1);
Tensor integer_values(Shape shape, std::initializer_list<std::int32_t> values, IntegerRange range);

}  // namespace hillock
