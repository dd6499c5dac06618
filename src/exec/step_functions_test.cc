// Kernels of a user's op are found when a session binds, with or without a reason. A rule may not change its choice.
#include "exec/step_functions.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/error_testing.h"
#include "hillock/session.h"
#include "ir/kernel_table.h"

namespace hillock {
namespace {

std::vector<TensorType> same_type(const OpSignature& signature) { return {signature.in[0]}; }
void twice(const void* in, void* out, std::int64_t elements) {
  for (std::int64_t i = 0; i < elements; ++i) static_cast<double*>(out)[i] = 2 * static_cast<const double*>(in)[i];
}
void reference(const ReferenceCall& call) { twice(call.in[0], call.out[0], call.signature.in[0].elements()); }
void run(const KernelCall& call, TileRange) { twice(call.in[0], call.out[0], call.parameters[0]); }

KernelPlan without_reason(const OpSignature& signature) {
  KernelPlan plan;
  plan.name = "twice";
  plan.run = &run;
  plan.parameters[0] = signature.in[0].elements();
  return plan;
}
KernelPlan with_reason(const OpSignature& signature) {
  KernelPlan plan = without_reason(signature);
  plan.reason = {"{} elements: one loop", {plan.parameters[0]}};
  return plan;
}
KernelPlan fickle(const OpSignature& signature) {
  static std::int64_t asked = 0;
  KernelPlan plan = without_reason(signature);
  plan.parameters[1] = ++asked;
  return plan;
}

Op doubling(std::string_view name, KernelRule kernel) {
  return {.name = name, .summary = "", .infer = &same_type, .reference = &reference, .kernel = kernel};
}

Plan plan_of(const Op& op) {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {3}, {}});
  return Plan(graph, {.outputs = {graph.apply(op, std::array{x})[0]}});
}

TEST(StepFunctions, AreFoundForAnOpOfAUsersOwn) {
  static const Op op = doubling("doubled without a reason", &without_reason);
  const Plan plan = plan_of(op);
  EXPECT_EQ(find_functions(plan.steps()[0]).kernel, &run);
  EXPECT_EQ(plan.steps()[0].reason_text(), "");
  EXPECT_NE(plan.to_string().find("doubled without a reason f64[3] -> f64[3]\n"), std::string::npos)
      << plan.to_string();
  const Store store;
  Session session(plan, store);
  const Tensor x = Tensor::from<double>({3}, {1, -2, 4});
  session.bind("x", x);
  session.run();
  EXPECT_EQ(session.output_values<double>(0)[1], -4);
}

TEST(StepFunctions, GoWithTheReasonOfTheRule) {
  static const Op op = doubling("doubled with a reason", &with_reason);
  EXPECT_EQ(plan_of(op).steps()[0].reason_text(), "3 elements: one loop");
}

TEST(StepFunctions, AreRefusedWhereTheRuleDecidesOtherwiseThanForThePlan) {
  static const Op op = doubling("fickle", &fickle);
  const Plan plan = plan_of(op);
  const Store store;
  EXPECT_EQ(error_of([&] { Session(plan, store); }),
            "session: op \"fickle\" chooses another kernel for twice than when the plan was made; make the plan anew "
            "(a kernel rule goes by the op's signature alone)");
}

TEST(KernelReason, PutsItsNumbersWhereItsTextWantsThem) {
  EXPECT_EQ(KernelReason{}.to_string(), "");
  EXPECT_EQ((KernelReason{"the only one"}).to_string(), "the only one");
  EXPECT_EQ((KernelReason{"{} rows of {}", {3, -4}}).to_string(), "3 rows of -4");
  EXPECT_EQ((KernelReason{"{}{}{}{}{}", {1, 2, 3, 4}}).to_string(), "1234{}");
}

}  // namespace
}  // namespace hillock
