// A layer of your own, described by the same record as the library's: its word in --net, what it describes, the shapes
// of its rows, how a trace shows it. Here maxout (Goodfellow et al. 2013): each unit is the larger of two weighted
// sums. docs/adding-a-layer.md explains each part.
//
//   custom_layer                      trains "maxout 6, residual(maxout 6)"
//   custom_layer --net "maxout 12"    or what is given
//
// Returns 0 if the gradients agree with finite differences, the network learns, and a file gives it back.
#include <hillock/hillock.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

namespace {

using namespace hillock;

// --- the record ---

nn::LayerAttributes parse(const nn::LayerText& text) {
  text.require_at_most(2);
  const auto units = text.words.size() == 2 ? text.integer(1) : std::nullopt;
  if (!units || *units < 1 || *units > 100'000) text.fail("maxout needs a number of units, 1 to 100000");
  return {{"units", *units}};
}

std::string print(const nn::LayerSpec& spec) { return "maxout " + std::to_string(spec.attributes.integer("units")); }

// From rows of any shape to rows with one number per unit.
Shape shape(const nn::LayerSpec& spec, const Shape& row) {
  if (row.rank() == 0) throw Error("maxout takes rows of at least one number");
  return {spec.attributes.integer("units")};
}

nn::Layer build(const nn::LayerSpec& spec);

std::string forward(const nn::LayerView& layer) {
  const std::string in(layer.in);
  return "a_k = max(Σ_j " + in + "_j w_jk + b_k, Σ_j " + in + "_j v_jk + c_k)";
}

const nn::LayerRecord& maxout_record() {
  static const nn::LayerRecord record{.word = "maxout",
                                      .form = "maxout N",
                                      .summary = "N units, each the larger of two weighted sums",
                                      .example = "maxout 4",
                                      .parse = &parse,
                                      .print = &print,
                                      .shape = &shape,
                                      .build = &build,
                                      .trace = {.forward = &forward}};
  return record;
}

// Describes the layer: any function from a value to a value. Its parameters are called "maxout1.weight" and so on.
nn::Layer build(const nn::LayerSpec& spec) {
  const std::int64_t units = spec.attributes.integer("units");
  return [units](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape shape = graph.type(in).shape;
    const std::int64_t features = shape.elements() / shape[0];
    const Value rows = ops::reshape(graph, in, {shape[0], features});
    const std::string name = scope.next_name("maxout");
    const nn::Initializer first{.kind = nn::Initializer::Kind::he_normal}, zero{.kind = nn::Initializer::Kind::zeros};
    const auto sum = [&](const std::string& weight, const std::string& bias) {
      const Value w = scope.parameter(name + "." + weight, {features, units}, first, features, units);
      const Value b = scope.parameter(name + "." + bias, {units}, zero, features, units);
      return ops::add(graph, ops::matmul(graph, rows, w), b);
    };
    const Value one = sum("weight", "bias"), other = sum("weight2", "bias2");
    // Shows the layer's output to a trace.
    return scope.tap({.layer = name, .record = &maxout_record(), .in = {in}}, ops::maximum(graph, one, other));
  };
}

// --- its use ---

// y = |a| − |b|, which has edges like maxout.
void fill(Tensor& rows, Tensor& targets) {
  const std::int64_t side = 16;
  for (std::int64_t i = 0; i < side * side; ++i) {
    const double a = static_cast<double>(i / side) / 7.5 - 1, b = static_cast<double>(i % side) / 7.5 - 1;
    rows.set(2 * i, a);
    rows.set(2 * i + 1, b);
    targets.set(i, std::abs(a) - std::abs(b));
  }
}

// A network made from its text, as `hillock train --net` does.
Model make_model(std::string_view net) {
  NetworkSpec spec = NetworkSpec::parse(net);
  spec.output = nn::Activation::identity;
  Model model{.network = make_network(spec, 2, 1, DType::f64),
              .spec = spec,
              .task = Task::regression,
              .target = "y",
              .columns = {"a", "b"},
              .classes = {},
              .sample_shape = {2},
              .features = {},
              .targets = {},
              .loss = nn::LossKind::mse};
  model.network.initialize(/*seed=*/0);
  return model;
}

// The largest difference between gradients and finite differences, in one training step of the first eight rows.
double audited(Network& network, const Tensor& rows, const Tensor& targets) {
  Tensor some({DType::f64, {8, 2}, {}}), theirs({DType::f64, {8, 1}, {}});
  std::memcpy(some.raw(), rows.raw(), some.bytes());
  std::memcpy(theirs.raw(), targets.raw(), theirs.bytes());
  Tracer tracer(network, 8, theirs.type(), {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}});
  return tracer.run(some, theirs, /*step=*/1, /*rate=*/0.01).audit.largest;
}

bool same(const Tensor& x, const Tensor& y) { return std::memcmp(x.raw(), y.raw(), x.bytes()) == 0; }

}  // namespace

int main(int count, char** arguments) {
  try {
    nn::register_layer(maxout_record());
    const bool given = count == 3 && std::string_view(arguments[1]) == "--net";
    Model model = make_model(given ? arguments[2] : "maxout 6, residual(maxout 6)");
    Tensor rows({DType::f64, {256, 2}, {}}), targets({DType::f64, {256, 1}, {}});
    fill(rows, targets);

    const double apart = audited(model.network, rows, targets);
    std::printf("gradients and finite differences are at most %.1g apart\n", apart);

    Trainer trainer(model.network, {.step = {.loss = model.loss_function(), .optimizer = adam()},
                                    .epochs = 300,
                                    .batch_size = 32,
                                    .rate = 0.02,
                                    .schedule = {.kind = Schedule::Kind::cosine}});
    const double loss = trainer.fit({&rows, &targets}).train_loss;
    std::printf("\"%s\" learns |a| − |b| to a mean squared error of %.2g\n", model.spec.to_string().c_str(), loss);

    const std::string path = (std::filesystem::temp_directory_path() / "custom_layer.safetensors").string();
    save_model(path, model);
    const bool kept = same(load_model(path).predict(rows), model.predict(rows));
    std::filesystem::remove(path);
    std::printf("a file gives it back: %s\n", kept ? "yes" : "no");
    return apart < 1e-8 && loss < 1e-3 && kept ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "custom_layer: %s\n", error.what());
    return 2;
  }
}
