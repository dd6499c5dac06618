// An op of your own, described by the same record as the library's: type rule, gradient, definition, kernel. Here
// sin(x + phase), used as the activation of a layer of one's own (a network of sine units, Sitzmann et al. 2020).
// docs/adding-an-op.md explains each part.
//
// Returns 0 if the planned run equals the naive one bit for bit, the gradient agrees with finite differences, and a
// network of sine units learns a wave.
#include <hillock/hillock.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace hillock;

Value sine(Graph& graph, Value x, double phase = 0);

// --- the record ---

// One operand of a float type; the result is of the same type.
std::vector<TensorType> infer(const OpSignature& signature) {
  if (signature.in.size() != 1 || !is_float(signature.in[0].dtype)) {
    throw Error("sine: it takes one operand of f32 or f64");
  }
  signature.attributes.real("phase");  // throws if it is missing
  return {signature.in[0]};
}

// y = sin(x + a): dx = dy cos(x + a) = dy sin(x + a + π/2). Expressed by the op itself, so it can be differentiated
// again.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Node& node = graph.node(id);
  const Value x = node.inputs[0];
  const double phase = node.attributes.real("phase");
  return {ops::multiply(graph, dout[0], sine(graph, x, phase + std::numbers::pi / 2))};
}

// f32 is computed in double too, so that definition and kernel round alike.
template <class T>
void run(const T* in, T* out, std::int64_t elements, double phase) {
  for (std::int64_t i = 0; i < elements; ++i) out[i] = static_cast<T>(std::sin(static_cast<double>(in[i]) + phase));
}

void reference(const ReferenceCall& call) {
  const double phase = call.signature.attributes.real("phase");
  const std::int64_t elements = call.signature.out[0].elements();
  if (call.signature.out[0].dtype == DType::f32) {
    run(static_cast<const float*>(call.in[0]), static_cast<float*>(call.out[0]), elements, phase);
  } else {
    run(static_cast<const double*>(call.in[0]), static_cast<double*>(call.out[0]), elements, phase);
  }
}

template <class T>
void kernel(const PointwiseCall& call) {
  run(static_cast<const T*>(call.in[0]), static_cast<T*>(call.out), call.elements, call.parameters[0]);
}

// The planner fuses it with its pointwise neighbours.
const PointwiseRule kPointwise{.f32 = &kernel<float>,
                               .f64 = &kernel<double>,
                               .parameters =
                                   [](const Attributes& attributes) {
                                     return std::array<double, 2>{attributes.real("phase"), 0};
                                   },
                               .flops = 20};

const Op kSine{.name = "sine",
               .summary = "sin(x + phase)",
               .infer = &infer,
               .gradient = &gradient,
               .reference = &reference,
               .pointwise = &kPointwise};

Value sine(Graph& graph, Value x, double phase) { return graph.apply(kSine, std::array{x}, {{"phase", phase}})[0]; }

// --- its proof ---

// d/dx of sum(sin²(x + 0.3)) by a plan, by the naive run and by finite differences.
bool proven() {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {5}, {}});
  const Value y = sine(graph, x, 0.3);
  const Value total = ops::sum(graph, ops::multiply(graph, y, y));
  const Value dx = gradients(graph, total, std::array{x})[0];

  Tensor point = Tensor::from<double>({5}, {-2, -0.5, 0.1, 1, 4});
  const Plan plan(graph, {.outputs = {total, dx}});
  const Store store;
  Session session(plan, store);
  session.bind("x", point);
  session.run();
  const std::span<const double> planned = session.output_values<double>(1);
  const std::vector<double> derivative(planned.begin(), planned.end());

  const NaiveRun naive = run_naive(graph, {{"x", point}}, store);
  if (std::memcmp(derivative.data(), naive.at(dx).raw(), naive.at(dx).bytes()) != 0) return false;

  constexpr double kStep = 1e-6;
  for (std::int64_t i = 0; i < 5; ++i) {
    const double middle = point.at(i);
    const auto total_at = [&](double value) {
      point.set(i, value);
      session.run();
      return session.scalar(0);
    };
    const double difference = (total_at(middle + kStep) - total_at(middle - kStep)) / (2 * kStep);
    point.set(i, middle);
    if (std::abs(difference - derivative[static_cast<std::size_t>(i)]) > 1e-8) return false;
  }
  return true;
}

// --- its use ---

// A layer is a function: dense, then sine.
nn::Layer sine_layer(std::int64_t units) {
  return [dense = nn::dense(units)](nn::Scope& scope, Value in) { return sine(scope.graph(), dense(scope, in)); };
}

double train_on_a_wave() {
  constexpr std::int64_t kRows = 256;
  Tensor times({DType::f32, {kRows, 1}, {}}), heights({DType::f32, {kRows, 1}, {}});
  for (std::int64_t row = 0; row < kRows; ++row) {
    const double t = 2.0 * static_cast<double>(row) / (kRows - 1) - 1;
    times.set(row, 5 * t);
    heights.set(row, std::sin(10 * t) * std::exp(-t * t));
  }
  Network network({.layer = nn::sequential({sine_layer(16), sine_layer(16), nn::dense(1)}), .input = {1}});
  network.initialize(/*seed=*/0);
  Trainer trainer(network, {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()},
                            .epochs = 1000,
                            .batch_size = 64,
                            .rate = 0.01,
                            .schedule = {.kind = Schedule::Kind::cosine}});
  return trainer.fit({&times, &heights}).train_loss;
}

}  // namespace

int main() {
  register_op(kSine);
  const bool right = find_op("sine") == &kSine && proven();
  std::printf("sine: planned equals naive, gradient equals finite differences: %s\n", right ? "yes" : "no");
  const double loss = train_on_a_wave();
  std::printf("a network of 2 x 16 sine units fits a damped wave to a mean squared error of %.2g\n", loss);
  return right && loss < 1e-3 ? 0 : 1;
}
