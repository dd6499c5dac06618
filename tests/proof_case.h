// For tests: one point at which an op is proved, that is, the op applied to given operands, its results by reference
// and by plan, and comparisons between them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/naive.h"
#include "hillock/op.h"
#include "hillock/plan.h"
#include "hillock/tensor.h"
#include "ops/spec.h"

namespace hillock {

struct ProofCase {
  std::string name;
  Attributes attributes;
  std::vector<Tensor> inputs;
  std::vector<bool> check{};       // of a gradient case: which inputs to differentiate
  std::vector<Tensor> expected{};  // of an oracle case
  bool is_single() const;          // some operand is f32
  bool has_double() const;         // some operand is f64
};

// The cases of the op's oracle in the tree, and the gradient cases of its spec.
std::vector<ProofCase> oracle_cases(const std::string& op);
std::vector<ProofCase> gradient_cases(const OpSpec& spec);
// Each of `cases`; those with f64 operands also with the operands rounded to f32 (without `expected`).
std::vector<ProofCase> in_both_precisions(const std::vector<ProofCase>& cases);

// f64 elements rounded to f32; tensors of other types unchanged.
Tensor rounded_to_f32(const Tensor& tensor);
Tensor widened_to_f64(const Tensor& tensor);
ProofCase rounded_to_f32(const ProofCase& point);
bool is_finite(const Tensor& tensor);

// A graph of inputs "in0", "in1", … and one application of the op. An integer operand whose type rule wants a range
// gets the one that the other operands imply: [0, rows), [0, depth) or the extent of the first operand's axis 0.
struct AppliedOp {
  Graph graph;
  std::vector<Value> in;
  std::vector<Value> out;
  std::map<std::string, Tensor> bound;
};
AppliedOp apply_op(const Op& op, const ProofCase& point);

// The values `outputs` of a naive run and of a planned run.
std::vector<Tensor> run_reference(const AppliedOp& applied, const std::vector<Value>& outputs);
std::vector<Tensor> run_planned(const AppliedOp& applied, const std::vector<Value>& outputs, int threads = 1);

// Empty if all elements have equal bits (any NaN equals any NaN); otherwise a description of the first difference.
std::string difference_of_bits(const Tensor& got, const Tensor& expected);
std::string difference_of_bits(const std::vector<Tensor>& got, const std::vector<Tensor>& expected);

// Empty if |got - expected| <= tolerance max(|expected|, magnitude, smallest normal) everywhere; zeros of both signs
// are equal, and numbers below the smallest normal are zero, which is what flush-to-zero makes of them.
std::string difference_beyond(const Tensor& got, const Tensor& expected, double tolerance, double magnitude = 0);

}  // namespace hillock
