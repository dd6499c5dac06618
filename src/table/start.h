// What --init of `hillock train` names, and whether the data fit it.
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

// What training starts from: a Hillock model, in a file or in memory, which also brings its network and its scaling, or
// tensors alone.
struct Start {
  std::string path;  // for messages and the record: kModelInMemory for one that is in no file
  SafetensorsFile file;
  std::shared_ptr<const Model> model;
};

// Nothing without TableOptions::init and init_model. Throws Error if the file is no safetensors file, or for a model
// that could not be saved.
std::optional<Start> read_start(const TableOptions& arguments);

// Puts the columns of the data in the order of the model's, so that each weight meets the column that it was trained
// for. Columns are told by their names, or by position where a file without a header has given them numbers, with a
// note. Throws Error where the model knows other columns.
void match_columns(const std::optional<Start>& start, LoadedSplits& loaded);
// For a start with a model. Throws Error where one of its columns held categories and now holds numbers, or the other
// way round.
void require_same_kinds(const Start& start, const Dataset& train);
// Throws Error where the model took other cells as missing than the data were read with.
void require_same_missing(const TableOptions& arguments, const std::optional<Start>& start);
// Adds to `notes` what the model does not know: cells of new categories, classes of other names.
void tell_what_is_new(const std::optional<Start>& start, const Dataset& train, std::vector<std::string>& notes);

}  // namespace hillock
