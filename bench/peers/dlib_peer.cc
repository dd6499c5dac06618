// dlib's deep-learning part, used as its trainer does: rows to a tensor, gradients, update. Each network is a type of
// its own, so the workloads are defined here a second time.
#include <dlib/dnn.h>

#include <nlohmann/json.hpp>
#include <type_traits>

#include "bench/sampling.h"

namespace {

using namespace dlib;  // NOLINT: the network types read as in dlib's examples
using Row = matrix<float>;
using hillock::bench::Clock;

using W1 = loss_mean_squared<sig<fc<1, sig<fc<4, input<Row>>>>>>;
using W2 = loss_multiclass_log<fc<10, relu<fc<32, input<Row>>>>>;
using W3 = loss_mean_squared_multioutput<sig<fc<10, sig<fc<30, input<Row>>>>>>;
using W4 = loss_multiclass_log<fc<10, relu<fc<128, input<Row>>>>>;
using W5 = loss_multiclass_log<fc<10, relu<fc<1024, relu<fc<1024, input<Row>>>>>>>;
using W8 = loss_binary_log<fc<1, relu<fc<64, relu<fc<64, input<Row>>>>>>>;

// One-hot labels for several outputs with the squared error, -1 and 1 for the logistic loss, and otherwise class
// numbers.
template <class Label>
Label make_label(unsigned long label, long outputs, bool logistic) {
  if constexpr (std::is_same_v<Label, matrix<float>>) {
    Label one_hot = zeros_matrix<float>(outputs, 1);
    one_hot(static_cast<long>(label)) = 1;
    return one_hot;
  } else {
    return logistic && label == 0 ? Label(-1) : Label(label);
  }
}

template <class Net, class Solver>
void measure(const nlohmann::json& task, const Solver& solver, double rate) {
  const long inputs = task.at("widths").front();
  const long outputs = task.at("widths").back();
  const long batch = task.at("batch");
  const long batches = std::min(200L, task.at("rows").get<long>() / batch);
  std::vector<Row> rows(static_cast<std::size_t>(batch * batches));
  std::vector<typename Net::training_label_type> labels;
  dlib::rand random;
  for (Row& row : rows) {
    row.set_size(inputs, 1);
    for (float& value : row) value = random.get_random_float();
    const auto label = random.get_random_32bit_number() % static_cast<unsigned>(std::max(2L, outputs));
    labels.push_back(make_label<typename Net::training_label_type>(label, outputs, task.at("loss") == "logistic"));
  }
  Net net;
  std::vector<Solver> solvers(Net::num_computational_layers, solver);
  resizable_tensor x;
  long next = 0;
  const auto run = [&](long steps) {
    for (long k = 0; k < steps; ++k, next = (next + 1) % batches) {
      net.to_tensor(rows.begin() + next * batch, rows.begin() + (next + 1) * batch, x);
      net.compute_parameter_gradients(x, labels.begin() + next * batch);
      net.update_parameters(make_sstack(solvers), rate);
    }
  };
  const Clock clock = task.at("clock") == "cpu" ? Clock::cpu : Clock::wall;
  hillock::bench::serve({{"dnn", hillock::bench::sample_steps(run, task.at("seconds"), clock)}},
                        R"(, "version": "dlib 19.24")");
}

template <class Net>
void measure(const nlohmann::json& task) {
  if (task.at("optimizer") == "adam") {
    measure<Net>(task, adam(0, 0.9f, 0.999f), 1e-3);
  } else {
    measure<Net>(task, sgd(0, 0), task.at("sgd_rate"));
  }
}

}  // namespace

int main(int, char** argv) {
  const nlohmann::json task = nlohmann::json::parse(argv[1]);
  const std::string name = task.at("workload");
  if (name == "W1") measure<W1>(task);
  if (name == "W2") measure<W2>(task);
  if (name == "W3") measure<W3>(task);
  if (name == "W4") measure<W4>(task);
  if (name == "W5") measure<W5>(task);
  if (name == "W8") measure<W8>(task);
}
