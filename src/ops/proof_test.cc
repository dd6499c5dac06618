// The proofs that every op in the table of contents must pass: its results against its oracle, its kernels against its
// reference, and its gradient and the gradient of that against finite differences.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/float_mode.h"
#include "hillock/op.h"
#include "ops/spec.h"
#include "tests/guarded_run.h"
#include "tests/paths.h"
#include "tests/proof_case.h"
#include "tests/proof_derivative.h"

namespace hillock {
namespace {

const OpSpec* find_spec(std::string_view op) {
  const auto found = std::ranges::find(registered_specs(), op, &OpSpec::op);
  return found == registered_specs().end() ? nullptr : &*found;
}

// The library's ops, listed once before any test registers an op of its own.
const std::vector<const Op*>& library_ops() {
  static const std::vector<const Op*> ops = registered_ops();
  return ops;
}
std::vector<std::string> op_names(bool pointwise_only = false) {
  std::vector<std::string> names;
  for (const Op* op : library_ops()) {
    if (!pointwise_only || op->pointwise != nullptr) names.emplace_back(op->name);
  }
  return names;
}

TEST(EveryOp, HasASpecAndAnOracle) {
  for (const std::string& name : op_names()) {
    EXPECT_NE(find_spec(name), nullptr) << name << " has no spec: write src/ops/" << name << "/spec.cc";
    EXPECT_FALSE(oracle_cases(name).empty()) << name << " has no oracle: write src/ops/" << name << "/oracle.json";
  }
}

TEST(EveryOp, ThatIsDifferentiableHasGradientCases) {
  for (const Op* op : library_ops()) {
    const OpSpec* spec = find_spec(op->name);
    if (spec != nullptr) {
      EXPECT_EQ(op->gradient != nullptr, !spec->gradient_cases.empty()) << op->name;
    }
  }
}

TEST(EveryOp, WithAFolderIsRegistered) {
  for (const auto& entry : std::filesystem::directory_iterator(source_directory() / "src/ops")) {
    if (entry.is_directory()) {
      EXPECT_NE(find_op(entry.path().filename().string()), nullptr) << entry.path();
    }
  }
}

TEST(EveryOp, HasOneSpec) {
  std::set<std::string> seen;
  for (const OpSpec& spec : registered_specs()) {
    EXPECT_TRUE(seen.insert(spec.op).second) << spec.op << " has two specs";
    EXPECT_NE(find_op(spec.op), nullptr) << spec.op << " is no op";
  }
}

class OpProof : public testing::TestWithParam<std::string> {
 protected:
  const Op& op() const { return *find_op(GetParam()); }
  const OpSpec& spec() const { return *find_spec(GetParam()); }
  // Every case of the op in every precision; bits are compared at these points.
  std::vector<ProofCase> all_cases() const {
    std::vector<ProofCase> cases = oracle_cases(GetParam());
    std::ranges::move(gradient_cases(spec()), std::back_inserter(cases));
    return in_both_precisions(cases);
  }
  double tolerance_for(const ProofCase& point) const {
    return point.is_single() ? spec().tolerance_f32 : spec().tolerance_f64;
  }
  double magnitude(std::size_t output) const {
    return output < spec().magnitudes.size() ? spec().magnitudes[output] : 0;
  }
  void SetUp() override {
    if (find_spec(GetParam()) == nullptr) GTEST_FAIL() << GetParam() << " has no spec";
  }
};

TEST_P(OpProof, ReferenceAgreesWithOracle) {
  for (const ProofCase& point : oracle_cases(GetParam())) {
    SCOPED_TRACE(point.name);
    const AppliedOp applied = apply_op(op(), point);
    const std::vector<Tensor> results = run_reference(applied, applied.out);
    ASSERT_EQ(results.size(), point.expected.size());
    for (std::size_t k = 0; k < results.size(); ++k) {
      EXPECT_EQ(results[k].dtype(), point.expected[k].dtype());
      EXPECT_EQ(difference_beyond(results[k], point.expected[k], tolerance_for(point), magnitude(k)), "")
          << "output " << k;
    }
  }
}

TEST_P(OpProof, PlannedRunAgreesWithOracle) {
  for (const ProofCase& point : oracle_cases(GetParam())) {
    SCOPED_TRACE(point.name);
    const AppliedOp applied = apply_op(op(), point);
    const std::vector<Tensor> results = run_planned(applied, applied.out);
    ASSERT_EQ(results.size(), point.expected.size());
    for (std::size_t k = 0; k < results.size(); ++k) {
      EXPECT_EQ(difference_beyond(results[k], point.expected[k], tolerance_for(point), magnitude(k)), "")
          << "output " << k;
    }
  }
}

// Rounds the oracle's f64 operands to f32 and compares single precision with double on these very operands.
TEST_P(OpProof, SinglePrecisionAgreesWithDouble) {
  for (const ProofCase& point : oracle_cases(GetParam())) {
    if (!point.has_double()) continue;
    SCOPED_TRACE(point.name);
    const ProofCase single = rounded_to_f32(point);
    ProofCase widened{.name = point.name, .attributes = point.attributes, .inputs = {}};
    bool rounds = true;
    for (std::size_t k = 0; k < point.inputs.size(); ++k) {
      rounds &= is_finite(single.inputs[k]) || !is_finite(point.inputs[k]);
      widened.inputs.push_back(widened_to_f64(single.inputs[k]));
    }
    if (!rounds) continue;  // an operand is out of f32's range
    const AppliedOp in_single = apply_op(op(), single);
    const AppliedOp in_double = apply_op(op(), widened);
    const std::vector<Tensor> results = run_reference(in_single, in_single.out);
    const std::vector<Tensor> expected = run_reference(in_double, in_double.out);
    for (std::size_t k = 0; k < results.size(); ++k) {
      EXPECT_EQ(difference_beyond(results[k], expected[k], spec().tolerance_f32, magnitude(k)), "") << "output " << k;
    }
  }
}

TEST_P(OpProof, KernelsEqualTheReferenceAndStayInBounds) {
  for (const ProofCase& point : all_cases()) {
    SCOPED_TRACE(point.name);
    const AppliedOp applied = apply_op(op(), point);
    const std::vector<Tensor> expected = run_reference(applied, applied.out);
    for (TileOrder order : {TileOrder::all_at_once, TileOrder::one_by_one_reversed, TileOrder::in_two_parts}) {
      for (bool aligned : {true, false}) {
        SCOPED_TRACE(testing::Message() << "order " << static_cast<int>(order) << (aligned ? "" : ", not aligned"));
        EXPECT_EQ(difference_of_bits(run_guarded(applied, applied.out, {.order = order, .aligned = aligned}), expected),
                  "");
      }
    }
  }
}

TEST_P(OpProof, ThreadsDoNotShow) {
  for (const ProofCase& point : all_cases()) {
    SCOPED_TRACE(point.name);
    const AppliedOp applied = apply_op(op(), point);
    const std::vector<Tensor> expected = run_reference(applied, applied.out);
    for (int threads : {1, 2, 4}) {
      EXPECT_EQ(difference_of_bits(run_planned(applied, applied.out, threads), expected), "") << threads << " threads";
    }
  }
}

class PointwiseOpProof : public OpProof {};

// PointwiseCall promises that the result may be one of the operands.
TEST_P(PointwiseOpProof, ResultMayBeAnOperand) {
  for (const ProofCase& point : all_cases()) {
    SCOPED_TRACE(point.name);
    const AppliedOp applied = apply_op(op(), point);
    const Tensor expected = run_reference(applied, applied.out).front();
    const auto parameters =
        op().pointwise->parameters == nullptr ? std::array<double, 2>{} : op().pointwise->parameters(point.attributes);
    const PointwiseFunction function = expected.dtype() == DType::f32 ? op().pointwise->f32 : op().pointwise->f64;
    for (std::size_t k = 0; k < point.inputs.size(); ++k) {
      std::vector<Tensor> operands = point.inputs;
      std::vector<const void*> in;
      for (Tensor& tensor : operands) in.push_back(tensor.raw());
      {
        const FlushToZero mode;
        function({.in = in.data(),
                  .out = operands[k].raw(),
                  .elements = expected.elements(),
                  .parameters = parameters.data()});
      }
      EXPECT_EQ(difference_of_bits(operands[k], expected), "") << "over operand " << k;
    }
  }
}

TEST_P(OpProof, GradientAgreesWithFiniteDifferences) {
  for (const ProofCase& point : gradient_cases(spec())) {
    SCOPED_TRACE(point.name);
    const DifferentiatedOp d = differentiate(op(), point, false);
    EXPECT_EQ(difference_from_finite(d, d.out, d.out_weights, d.first), "");
  }
}

TEST_P(OpProof, SecondGradientAgreesWithFiniteDifferences) {
  if (!spec().second_order) GTEST_SKIP() << "the spec says why";
  for (const ProofCase& point : gradient_cases(spec())) {
    SCOPED_TRACE(point.name);
    const DifferentiatedOp d = differentiate(op(), point, true);
    EXPECT_EQ(difference_from_finite(d, d.first, d.first_weights, d.second), "");
  }
}

TEST_P(OpProof, PlannedGradientEqualsNaive) {
  for (const ProofCase& point : in_both_precisions(gradient_cases(spec()))) {
    SCOPED_TRACE(point.name);
    const DifferentiatedOp d = differentiate(op(), point, spec().second_order);
    std::vector<Value> outputs = d.out;
    outputs.insert(outputs.end(), d.first.begin(), d.first.end());
    outputs.insert(outputs.end(), d.second.begin(), d.second.end());
    const std::vector<Tensor> expected = run_reference(d.applied, outputs);
    for (int threads : {1, 3}) EXPECT_EQ(difference_of_bits(run_planned(d.applied, outputs, threads), expected), "");
    EXPECT_EQ(difference_of_bits(run_guarded(d.applied, outputs, {.order = TileOrder::one_by_one_reversed}), expected),
              "");
  }
}

std::string name_of_test(const testing::TestParamInfo<std::string>& test) { return test.param; }
INSTANTIATE_TEST_SUITE_P(Ops, OpProof, testing::ValuesIn(op_names()), name_of_test);
INSTANTIATE_TEST_SUITE_P(Ops, PointwiseOpProof, testing::ValuesIn(op_names(true)), name_of_test);

}  // namespace
}  // namespace hillock
