// Loads what --init of `hillock train` names, and checks that the data fit it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/model.h"
#include "hillock/safetensors.h"
#include "hillock/table.h"

namespace hillock {

struct LoadedSplits;

// What training starts from: a Hillock model, in a file or in memory, which also provides the network and the scaling,
// or tensors alone.
struct Start {
  std::string path;  // for messages and the record; kModelInMemory for a model that is not in a file
  SafetensorsFile file;
  std::shared_ptr<const Model> model;
};

// Returns nothing if neither TableOptions::init nor init_model is set. Throws Error if the file is not a safetensors
// file, or for a model that could not be saved.
std::optional<Start> read_start(const TableOptions& arguments);

// Reorders the columns of the data like the model's, so that each weight meets the column that it was trained for.
// Columns are matched by name, or with a note by position if they have the numbered names of a file without a header.
// Throws Error if the model has other columns.
void match_columns(const std::optional<Start>& start, LoadedSplits& loaded);
// For a start with a model. Throws Error if a column was categorical and is numeric now, or the other way round.
void require_same_kinds(const Start& start, const Dataset& train);
// Throws Error if the model was trained with other texts for missing cells than the data were read with.
void require_same_missing(const TableOptions& arguments, const std::optional<Start>& start);
// Notes what the model does not know: cells of new categories and classes with other names.
void tell_what_is_new(const std::optional<Start>& start, const Dataset& train, std::vector<std::string>& notes);

}  // namespace hillock
