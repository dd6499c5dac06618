// What `train` says: the report for a person, the JSON object for a program.
#pragma once

#include <string>

#include "hillock/table.h"
#include "print/score_table.h"

namespace hillock::program {

// Before training: what was decided.
std::string describe_job(const TableJob& job);
// After it: how it ended and how good it is.
std::string describe_outcome(const TableResult& result);

// The object that --json prints: the record in the model, and what does not stand there. `path` is the model's.
Json results_json(const TableResult& result, const std::string& path);

}  // namespace hillock::program
