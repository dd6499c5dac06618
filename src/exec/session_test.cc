// What a session refuses. Its messages say what is wrong, where it is and what to do.
#include "hillock/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "hillock/error.h"
#include "hillock/naive.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

template <class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

class SessionErrors : public testing::Test {
 protected:
  SessionErrors() {
    const Value x = graph_.input("x", {DType::f32, {2, 3}, {}});
    const Value labels = graph_.input("labels", {DType::i32, {2}, IntegerRange{0, 3}});
    const Value scale = graph_.state("scale", {DType::f32, {3}, {}});
    const Value targets = ops::one_hot(graph_, labels, 3, DType::f32);
    output_ = ops::softmax_cross_entropy(graph_, ops::multiply(graph_, x, scale), targets).loss;
    store_.put("scale", Tensor::from<float>({3}, {1, 1, 1}));
  }
  Graph graph_;
  Value output_;
  Store store_;
  const Tensor x_ = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
};

TEST_F(SessionErrors, NameAnInputThatWasNeverBound) {
  const Plan plan(graph_, {.outputs = {output_}});
  Session session(plan, store_);
  session.bind("x", x_);
  EXPECT_EQ(message_of([&] { session.run(); }), "run: input \"labels\" was never bound; call bind first");
  EXPECT_EQ(message_of([&] { session.run_step(0); }), "run: input \"labels\" was never bound; call bind first");
}

TEST_F(SessionErrors, NameTheLabelThatIsOutOfRange) {
  const Plan plan(graph_, {.outputs = {output_}});
  Session session(plan, store_);
  EXPECT_EQ(message_of([&] {
              session.bind("labels", Tensor::from<std::int32_t>({2}, {1, 3}));
            }),
            "bind: element 1 of input \"labels\" is 3, outside [0, 3); check the labels");
  EXPECT_EQ(message_of([&] {
              session.bind("labels", Tensor::from<std::int32_t>({2}, {-1, 0}));
            }),
            "bind: element 0 of input \"labels\" is -1, outside [0, 3); check the labels");
}

TEST_F(SessionErrors, NameBothTypes) {
  const Plan plan(graph_, {.outputs = {output_}});
  Session session(plan, store_);
  EXPECT_EQ(message_of([&] {
              session.bind("x", Tensor::from<double>({2, 3}, {1, 2, 3, 4, 5, 6}));
            }),
            "bind: input \"x\" is f32[2, 3], got f64[2, 3]");
  EXPECT_EQ(message_of([&] {
              session.bind("x", Tensor::from<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
            }),
            "bind: input \"x\" is f32[2, 3], got f32[3, 2]");
}

TEST_F(SessionErrors, ListTheInputsThatThereAre) {
  const Plan plan(graph_, {.outputs = {output_}});
  Session session(plan, store_);
  EXPECT_EQ(message_of([&] { session.bind("y", x_); }), "bind: there is no input \"y\"; the plan has x, labels");
  EXPECT_EQ(message_of([&] { session.bind(2, x_.raw()); }), "bind: there is no input 2; the plan has 2");
}

TEST_F(SessionErrors, NameAStateThatIsMissingOrOfAnotherType) {
  const Plan plan(graph_, {.outputs = {output_}});
  Store empty;
  EXPECT_NE(message_of([&] { Session(plan, empty); }).find("there is no \"scale\""), std::string::npos);
  Store other;
  other.put("scale", Tensor::from<float>({2}, {1, 1}));
  EXPECT_EQ(message_of([&] { Session(plan, other); }),
            "session: state \"scale\" is f32[2] in the store and f32[3] in the plan");
}

TEST_F(SessionErrors, SpeakOfThreadsAndScalars) {
  const Plan plan(graph_, {.outputs = {output_}});
  EXPECT_EQ(message_of([&] { Session(plan, store_, {.threads = 0}); }), "session: 0 threads; ask for 1 to 1024");
  Session session(plan, store_);
  EXPECT_EQ(message_of([&] { session.scalar(0); }), "session: output 0 is f32[2], not one number");
}

TEST_F(SessionErrors, NameAnOutputThatIsNoValueOfTheGraph) {
  EXPECT_NE(message_of([&] {
              Plan(graph_, {.outputs = {Value{99, 0}}});
            }).find("output %99.0 is not a value of this graph"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              Plan(graph_, {.outputs = {Value{output_.node, 7}}});
            }).find("is not a value of this graph"),
            std::string::npos);
}

TEST_F(SessionErrors, ReachTheNaiveRunToo) {
  EXPECT_EQ(message_of([&] { run_naive(graph_, {{"x", x_}}, store_); }), "naive run: input \"labels\" is missing");
  EXPECT_EQ(message_of([&] {
              run_naive(graph_, {{"x", Tensor::from<float>({1}, {1})}}, store_);
            }),
            "naive run: input \"x\" is f32[2, 3], got f32[1]");
}

// Canonical arithmetic has no denormal numbers, on any thread. The caller's own arithmetic keeps them.
TEST(Session, FlushesDenormalNumbersToZeroOnEveryThread) {
  constexpr std::int64_t kElements = 10000;
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {kElements}, {}});
  const Value tiny = ops::multiply(graph, x, 1e-10);
  const std::vector<float> values(kElements, 1e-30F);
  const Plan plan(graph, {.outputs = {tiny}});
  Store store;
  for (int threads : {1, 4}) {
    Session session(plan, store, {.threads = threads, .force_threads = true});
    session.bind(0, values.data());
    session.run();
    EXPECT_EQ(std::ranges::count(session.output_values<float>(0), 0.0F), kElements) << threads << " threads";
  }
  volatile float ours = 1e-30F;
  ours = ours * 1e-10F;
  EXPECT_NE(ours, 0.0F);
}

TEST(FirstNotFinite, FindsWhereItBegan) {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {2}, {}});
  const Value root = ops::sqrt(graph, x);
  ops::sum(graph, root);
  const auto run = [&](double second) {
    return run_naive(graph, {{"x", Tensor::from<double>({2}, {1, second})}}, Store());
  };
  EXPECT_EQ(first_not_finite(graph, run(4)), Value());
  EXPECT_EQ(first_not_finite(graph, run(-4)), root);
  EXPECT_EQ(first_not_finite(graph, run(std::numeric_limits<double>::infinity())), x);
}

}  // namespace
}  // namespace hillock
