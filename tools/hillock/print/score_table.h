// Metrics as JSON and as tables.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"
#include "hillock/model.h"
#include "hillock/table.h"
#include "hillock/train.h"

namespace hillock::program {

using Json = nlohmann::ordered_json;

// metrics_json as an object, to be included in another one.
Json to_json(const Metrics& metrics, const Model& model);

// The names of a model's targets, quoted and separated by commas.
std::string targets_text(const Model& model);

// A line of a table of scores, and its heading; `name` takes as many columns of a terminal as it needs.
std::string table_head(Task task, bool two_classes);
std::string table_line(std::string_view name, const Metrics& metrics, Task task, bool two_classes);

// What a single score does not show, each part after an empty line: the confusion matrix, precision, recall and F1 of
// each class, and the calibration error; or the sizes of errors; or the scores of each of several targets. Leaves out
// the matrix and the classes if there are more than 20. `part` names the rows, such as "test"; it may be empty.
std::string details(const Metrics& metrics, const Model& model, std::string_view part);

}  // namespace hillock::program
