// What `hillock trace` looks at: a network, some rows, how they are trained on; and what its numbers are called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/model.h"
#include "hillock/optim.h"
#include "hillock/trace.h"

namespace hillock::program {

// One number that goes in.
struct InputName {
  std::string name;     // "age", "colour=red", "age is missing"
  std::int64_t column;  // of the data
  bool is_number;       // the column's own value, perhaps scaled
};

struct TraceSubject {
  Model model;
  Dataset batch;                   // the rows as they were read, their weights with a mean of 1 over all rows
  std::vector<std::int64_t> rows;  // their numbers in the data, from 1
  Tensor features, targets;        // the same as the network and the loss take them
  std::vector<TracedPreparation> preparation;  // how the features came about
  std::int64_t data_rows = 0;                  // all that there are
  std::vector<InputName> inputs;
  std::vector<std::string> outputs;  // what each output stands for: a class or the target
  std::string data;                  // its name
  std::string first_weights;         // where the parameters come from, in words
  std::string optimizer;
  NamedOptimizerOptions optimizer_options;
  double rate = 0, clip_norm = 0;
  std::int64_t steps = 1, seed = 0, largest = 12;
  std::optional<std::string> layer;  // the only one to print
  bool summary = false;              // print no layer at all

  bool weighted() const { return batch.has_weights(); }
  Examples examples() const { return {&features, &targets, weighted() ? &batch.weights : nullptr}; }
};

// "dense1" of "dense1.weight".
std::string layer_name(const std::string& parameter);
// Names for the inputs of `model`'s network, in order.
std::vector<InputName> input_names(const Model& model);
// Names for what goes on behind the embedding of categories, "colour·1" for the first number of a colour's row.
std::vector<std::string> embedded_names(const Model& model);
// Names for its outputs. A single output of two classes stands for the second.
std::vector<std::string> output_names(const Model& model);
// The targets as the loss sees them: [batch, outputs], 0 and 1 for classes.
Tensor loss_targets(const TraceSubject& subject);

// The layers before the network; empty where they change nothing.
std::string preparation_text(const TraceSubject& subject);
// One traced step for a person to read. `heading` opens it.
std::string trace_head(const TraceSubject& subject);
std::string trace_text(const TraceSubject& subject, const StepTrace& trace);
// What stands below all steps; the last line is the audit of them together.
std::string trace_foot(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times);
// Everything, in full precision, as one JSON object on one line.
std::string trace_json(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times);

}  // namespace hillock::program
