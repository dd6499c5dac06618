// How metrics read: as JSON and as a table.
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

// metrics_json, to become part of another object.
Json to_json(const Metrics& metrics, const Model& model);

// What a model predicts: "price" in quotes, several with commas between them.
std::string targets_text(const Model& model);

// One line of a table of scores, and the line above them; `name` takes as many columns of a terminal as it needs.
std::string table_head(Task task, bool two_classes);
std::string table_line(std::string_view name, const Metrics& metrics, Task task, bool two_classes);

// What one number does not tell, each part after an empty line: the confusion matrix, precision, recall and F1 of each
// class, and the calibration error; or how large errors are; or of several targets the scores of each. Without the
// matrix and classes where these are more than 20. `part` says which rows, "test", or nothing.
std::string details(const Metrics& metrics, const Model& model, std::string_view part);

}  // namespace hillock::program
