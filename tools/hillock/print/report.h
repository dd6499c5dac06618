// What `train` prints: a report for people, a JSON object for programs.
#pragma once

#include <string>

#include "hillock/table.h"
#include "print/score_table.h"

namespace hillock::program {

// Printed before training: the decisions that were made.
std::string describe_job(const TableJob& job);
// Printed after training: how it ended and how good the network is.
std::string describe_outcome(const TableResult& result);

// The object that --json prints: the record in the model, and facts that it does not contain. `path` is the model's.
Json results_json(const TableResult& result, const std::string& path);

}  // namespace hillock::program
