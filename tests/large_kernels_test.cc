// Kernels on operands so large that they have several tiles, unlike the small cases of the oracles: any order of the
// tiles and any number of threads gives the reference's bits, without writing out of bounds.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include "hillock/op.h"
#include "hillock/ops.h"
#include "ops/spec.h"
#include "tests/guarded_run.h"
#include "tests/proof_case.h"
#include "tests/random_graph.h"

namespace hillock {
namespace {

// Functions that add an input to the graph: of float values, and of integers in [0, bound).
using Floats = std::function<Value(Shape)>;
using Indices = std::function<Value(Shape, std::int64_t)>;

struct LargeCase {
  const char* name;
  std::function<Value(Graph& graph, const Floats& floats, const Indices& indices, DType dtype)> apply;
  bool some_nan = false;  // whether every seventh element of the last operand is NaN
};

std::vector<LargeCase> large_cases() {
  const auto product = [](Shape x, Shape y, bool transpose_x, bool transpose_y) {
    return [=](Graph& g, const Floats& f, const Indices&, DType) {
      const Value a = f(x);
      return ops::matmul(g, a, f(y), transpose_x, transpose_y);
    };
  };
  const auto reduction = [](Value (*reduce)(Graph&, Value, std::vector<int>), Shape shape, int axis) {
    return [=](Graph& g, const Floats& f, const Indices&, DType) { return reduce(g, f(shape), {axis}); };
  };
  return {
      {"matmul_nn", product({211, 1030}, {1030, 133}, false, false)},
      {"matmul_nt", product({211, 67}, {133, 67}, false, true)},
      {"matmul_tn", product({67, 211}, {67, 133}, true, false)},
      {"matmul_tt", product({67, 211}, {133, 67}, true, true)},
      {"sum_rows", reduction(&ops::sum, {301, 307}, 1)},
      {"sum_columns", reduction(&ops::sum, {301, 307}, 0)},
      {"mean_rows", reduction(&ops::mean, {301, 307}, 1)},
      {"mean_columns", reduction(&ops::mean, {7, 41, 307}, 1)},
      {"max_rows", reduction(&ops::max, {301, 307}, 1)},
      {"max_columns", reduction(&ops::max, {301, 307}, 0)},
      {"argmax_rows",
       [](Graph& g, const Floats& f, const Indices&, DType) {
         return ops::argmax(g, f({301, 307}), 1);
       }},
      {"argmax_columns",
       [](Graph& g, const Floats& f, const Indices&, DType) {
         return ops::argmax(g, f({301, 307}), 0);
       }},
      {.name = "all_finite",
       .apply =
           [](Graph& g, const Floats& f, const Indices&, DType) {
             const std::array<Value, 2> operands{f({301, 307}), f({307})};
             return g.apply(*find_op("all_finite"), operands, {{"keep_last", std::int64_t{1}}})[0];
           },
       .some_nan = true},
      {"gather",
       [](Graph& g, const Floats& f, const Indices& i, DType) {
         const Value table = f({50, 37});
         return ops::gather(g, table, i({3001}, 50));
       }},
      {"gather_numbers",
       [](Graph& g, const Floats& f, const Indices& i, DType) { return ops::gather(g, f({50}), i({60013}, 50)); }},
      {"scatter_add",
       [](Graph& g, const Floats& f, const Indices& i, DType) {
         const Value updates = f({301, 307});
         return ops::scatter_add(g, i({301}, 150), updates, 150);
       }},
      {"one_hot", [](Graph& g, const Floats&, const Indices& i,
                     DType dtype) { return ops::one_hot(g, i({20011}, 11), 11, dtype); }},
      {"to_index", [](Graph& g, const Floats& f, const Indices&, DType) { return ops::to_index(g, f({60013}), 7); }},
      {"cast", [](Graph& g, const Floats& f, const Indices&,
                  DType dtype) { return ops::cast(g, f({60013}), dtype == DType::f32 ? DType::f64 : DType::f32); }},
      {"softmax_cross_entropy",
       [](Graph& g, const Floats& f, const Indices&, DType) {
         const Value logits = f({3001, 17});
         return ops::softmax_cross_entropy(g, logits, f({3001, 17})).loss;
       }},
      {"pad",
       [](Graph& g, const Floats& f, const Indices&, DType) {
         return ops::pad(g, f({301, 307}), {3, 2}, {1, 4});
       }},
      {"random_uniform",
       [](Graph& g, const Floats&, const Indices&, DType dtype) {
         return ops::random_uniform(g, g.input("position", {DType::i64, {3}, {}}), {301, 307}, dtype, 5);
       }},
      {"random_uniform_in_lanes",
       [](Graph& g, const Floats&, const Indices&, DType dtype) {
         return ops::random_uniform(g, g.input("position", {DType::i64, {3, 19}, {}}), {101, 37}, dtype, 5);
       }},
      {"lane_matmul",
       [](Graph& g, const Floats& f, const Indices&, DType) {
         const std::array<Value, 2> operands{f({31, 37, 19}), f({37, 23, 19})};
         return g.apply(*find_op("lane_matmul"), operands,
                        {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{0}}})[0];
       }},
  };
}

// The case's graph with its inputs bound, and every output of the op.
AppliedOp make(const LargeCase& large, DType dtype) {
  AppliedOp applied;
  const auto input = [&](const TensorType& type) {
    const Value value = applied.graph.input("in" + std::to_string(applied.in.size()), type);
    applied.in.push_back(value);
    return value;
  };
  const Value out = large.apply(
      applied.graph,
      [&](Shape shape) {
        return input({dtype, shape, {}});
      },
      [&](Shape shape, std::int64_t bound) {
        return input({DType::i32, shape, IntegerRange{0, bound}});
      },
      dtype);
  applied.bound = random_inputs(applied.graph, 11);
  if (large.some_nan) {
    Tensor& last = applied.bound.at("in" + std::to_string(applied.in.size() - 1));
    for (std::int64_t i = 0; i < last.elements(); i += 7) last.set(i, std::numeric_limits<double>::quiet_NaN());
  }
  const auto outputs = static_cast<std::int32_t>(applied.graph.node(out.node).outputs.size());
  for (std::int32_t k = 0; k < outputs; ++k) applied.out.push_back({out.node, k});
  return applied;
}

class LargeKernel : public testing::TestWithParam<std::size_t> {};

TEST_P(LargeKernel, GivesTheSameBitsInEveryOrderOfItsTiles) {
  const LargeCase large = large_cases()[GetParam()];
  for (DType dtype : {DType::f32, DType::f64}) {
    SCOPED_TRACE(name_of(dtype));
    const AppliedOp applied = make(large, dtype);
    const Plan plan(applied.graph, {.outputs = applied.out});
    ASSERT_EQ(plan.steps().size(), 1u);
    EXPECT_GE(plan.steps().front().tiles(), 2) << "too small to be cut";
    const std::vector<Tensor> expected = run_reference(applied, applied.out);
    for (TileOrder order : {TileOrder::all_at_once, TileOrder::one_by_one_reversed, TileOrder::in_two_parts}) {
      const GuardedOptions options{.order = order, .aligned = order != TileOrder::in_two_parts};
      EXPECT_EQ(difference_of_bits(run_guarded(applied, applied.out, options), expected), "");
    }
    for (int threads : {2, 4}) EXPECT_EQ(difference_of_bits(run_planned(applied, applied.out, threads), expected), "");
  }
}

std::vector<std::size_t> numbers() {
  std::vector<std::size_t> result;
  for (std::size_t k = 0; k < large_cases().size(); ++k) result.push_back(k);
  return result;
}
INSTANTIATE_TEST_SUITE_P(Cases, LargeKernel, testing::ValuesIn(numbers()),
                         [](const testing::TestParamInfo<std::size_t>& test) {
                           return large_cases()[test.param].name;
                         });

TEST(LargeKernels, CoverEveryOpWithAKernel) {
  std::set<std::string_view> covered;
  for (const LargeCase& large : large_cases()) {
    const AppliedOp applied = make(large, DType::f32);
    covered.insert(applied.graph.node(applied.out.front().node).op->name);
  }
  for (const OpSpec& spec : registered_specs()) {
    if (find_op(spec.op)->kernel != nullptr) {
      EXPECT_TRUE(covered.contains(spec.op)) << spec.op;
    }
  }
}

}  // namespace
}  // namespace hillock
