// A training job: every decision is made and checked before the first step, and nothing is written yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/diagnosis.h"
#include "hillock/model.h"
#include "hillock/table.h"
#include "hillock/train.h"
#include "table/origin.h"
#include "table/splits.h"

namespace hillock {

struct PreparedJob {
  std::string data_name;
  Origin origin;
  PreparedSplits splits;
  // of rows, by their own weights and those of their classes; without memory if there are none
  Tensor train_weights, validation_weights;
  std::optional<Dataset> small_table;     // the training rows unscaled, if all data are kSmallTableRows or fewer
  Model model;                            // with its initial parameters
  std::vector<nn::Embedding> embeddings;  // of its network, as they are trained
  TrainOptions options;                   // without callbacks; `interrupt` is set when training begins
  TableChoices choices;
  std::optional<nn::Initializer> weights, bias;
  std::int64_t restarts = 0;
  std::vector<ColumnAccount> columns;
  std::vector<std::string> notes;
  std::vector<Warning> warnings;

  TargetScale target_scale() const { return model.target_scale(); }
};

// The rows that training uses, weighted by their own weights and those of their classes. (Scores use the rows' own
// weights alone.)
Examples training_examples(const PreparedJob& job);
std::optional<Examples> validation_examples(const PreparedJob& job);

// Throws Error for everything that is wrong with the options or the data. `audit` tells whether to look for
// PreparedJob::warnings and to account for PreparedJob::columns.
PreparedJob prepare(const TableOptions& options, LoadedSplits loaded, bool audit = true);
// A network like the job's, with initial parameters drawn from another seed.
Network fresh_network(const PreparedJob& job, std::uint64_t seed);

}  // namespace hillock
