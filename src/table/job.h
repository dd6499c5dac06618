// One training job: every decision made and checked before the first step, and nothing written yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/diagnosis.h"
#include "hillock/model.h"
#include "hillock/train.h"
#include "table/options.h"

namespace hillock {

// Rows of the three parts. Scaled for the network once the job is prepared.
struct Parts {
  Dataset train;
  std::optional<Dataset> validation;
  std::optional<Dataset> test;
};

struct LoadedParts {
  std::string source;  // what they were read from, for messages
  Parts parts;
  double validation = 0, test = 0;  // the fractions of parts.train that are to be set aside
  std::int64_t rows = 0;            // of all parts
  std::vector<std::string> notes;
  std::vector<Split> folds;      // of `whole`, where --folds asks for them
  std::optional<Dataset> whole;  // all rows, where there are folds
};

// Reads the data `what` (load_data) and whatever --validation and --test name, and sets rows aside. Throws Error.
LoadedParts load_parts(const std::string& what, const TableOptions& arguments);
// The same in two steps, for several splits of the same data.
LoadedParts read_parts(const std::string& what, const TableOptions& arguments);
void split_parts(const TableOptions& arguments, LoadedParts& loaded);
// Whether other seeds give other parts; asked before the split.
bool splits_by_seed(const LoadedParts& loaded);

// Leaves out columns of which no training row has a cell, and says so: they teach nothing, and a model could not tell
// what they hold.
void drop_columns_without_cells(LoadedParts& loaded);

// Something that a reader of the results should know.
struct Warning {
  std::string kind;  // "leakage", "shared-rows", …
  std::string message;
};

// What was chosen, in words, for the report and the model file.
struct Choices {
  std::string optimizer;
  std::string schedule;
  std::optional<RateTest> rate_test;  // by --lr auto
  double momentum = 0;
  double weight_decay = 0;
  std::string initializers;      // "" unless the user chose
  std::string init;              // the file that the parameters came from; "" if none
  std::string class_weights;     // as they were given; "" if none
  std::vector<double> by_class;  // the same as numbers
};

struct Job {
  Parts parts;
  Tensor train_weights, validation_weights;  // of rows by their class and their own; without memory where none count
  std::optional<Dataset> few;                // the training rows unscaled, if all data are kFewRows or fewer
  Model model;                               // with its first parameters
  std::vector<nn::Embedding> embeddings;     // of its network, as it is trained
  TrainOptions options;                      // without callbacks; `interrupt` is set when training begins
  Choices choices;
  std::optional<nn::Initializer> weights, bias;
  std::int64_t restarts = 0;
  std::vector<std::string> notes;
  std::vector<Warning> warnings;

  TargetScale target_scale() const { return model.target_scale(); }
};

// For no more rows than these each row's prediction is given.
inline constexpr std::int64_t kFewRows = 10;

// Rows to judge by: with their own weights, whatever their class.
inline Examples examples_of(const Dataset& data) {
  return {&data.features, &data.targets, data.has_weights() ? &data.weights : nullptr};
}
// What training sees: rows with the weights of their classes too.
Examples training_examples(const Job& job);
std::optional<Examples> validation_examples(const Job& job);

// Throws Error for what can be found wrong before the data, which may be large, are read.
void check_before_reading(const TableOptions& arguments);

// The model that training on these rows begins with: network, loss, encoding and scaling learnt from them, parameters
// by the seed. `arguments` name no --init.
Model first_model(const TableOptions& arguments, const Dataset& train);

// Throws Error for everything that is wrong with the options or the data. `audit`: whether to look for Job::warnings.
Job prepare(const TableOptions& arguments, LoadedParts loaded, bool audit = true);
// Like the job's network, with the first parameters of another seed.
Network fresh_network(const Job& job, std::uint64_t seed);

}  // namespace hillock
