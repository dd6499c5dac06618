// What `hillock trace` traces: a network, some rows and the training options; and names for its numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/model.h"
#include "hillock/optim.h"
#include "hillock/trace.h"

namespace hillock::program {

// An input of the network.
struct InputName {
  std::string name;     // "age", "colour=red", "age is missing"
  std::int64_t column;  // of the data
  bool is_number;       // whether it is the column's own value, possibly scaled
};

struct TraceSubject {
  Model model;
  Dataset batch;                               // the rows as read; their weights have a mean of 1 over all rows
  std::vector<std::int64_t> rows;              // their numbers in the data, from 1
  Tensor features, targets;                    // the same, as the network and the loss use them
  std::vector<TracedPreparation> preparation;  // how the features were computed
  std::int64_t data_rows = 0;                  // in the whole data
  std::vector<InputName> inputs;
  std::vector<std::string> outputs;  // the class or target that each output stands for
  std::string data;                  // its name
  std::string first_weights;         // where the parameters come from, in words
  std::string optimizer;
  NamedOptimizerOptions optimizer_options;
  double rate = 0, clip_norm = 0;
  std::int64_t steps = 1, seed = 0, largest = 12;
  std::optional<std::string> layer;  // the only layer to print
  bool summary = false;              // print no layers

  bool weighted() const { return batch.has_weights(); }
  Examples examples() const { return {&features, &targets, weighted() ? &batch.weights : nullptr}; }
};

// "dense1" of "dense1.weight".
std::string layer_name(const std::string& parameter);
// Names for the inputs of `model`'s network, in order.
std::vector<InputName> input_names(const Model& model);
// Names for the numbers after the embedding of categories, "colour·1" for the first number of a colour's row.
std::vector<std::string> embedded_names(const Model& model);
// Names for its outputs. A single output of two classes stands for the second.
std::vector<std::string> output_names(const Model& model);
// The targets in the form that the loss uses: [batch, outputs], 0 and 1 for classes.
Tensor loss_targets(const TraceSubject& subject);

// The layers before the network; empty if they change nothing.
std::string preparation_text(const TraceSubject& subject);
// One traced step as text for people, begun by `heading`.
std::string trace_head(const TraceSubject& subject);
std::string trace_text(const TraceSubject& subject, const StepTrace& trace);
// The text below all steps; its last line is the audit over all of them.
std::string trace_foot(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times);
// All numbers in full precision, as a JSON object on one line.
std::string trace_json(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times);

}  // namespace hillock::program
