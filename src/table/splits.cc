// Reads the data and splits them.
#include "table/splits.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "data/column_audit.h"
#include "hillock/error.h"
#include "hillock/recipe.h"
#include "hillock/text.h"
#include "table/check.h"
#include "table/columns.h"

namespace hillock {
namespace {

// What --validation or --test gives: a fraction of the rows, or a file of rows.
struct Source {
  double fraction = 0;
  std::string file;
  bool given = false;
};

Source source_of(const char* option, const std::optional<HeldOut>& held_out, double otherwise) {
  if (!held_out) return {.fraction = otherwise, .file = {}, .given = false};
  if (const auto* file = std::get_if<std::string>(&*held_out)) {
    if (file->empty()) throw Error(fmt::format("train: {} is empty; give a fraction or a file", option));
    return {.fraction = 0, .file = *file, .given = true};
  }
  const double fraction = std::get<double>(*held_out);
  if (!(fraction >= 0 && fraction < 1)) {
    throw Error(fmt::format("train: {} {} is not a fraction from 0 to below 1; give one, or a file", option, fraction));
  }
  return {.fraction = fraction, .file = {}, .given = true};
}

// Reads the rows of another file as the training data were read.
Dataset load_like(const std::string& file, const Dataset& train, const ReadOptions& options,
                  std::vector<std::string>& notes) {
  ReadOptions same = options;
  same.target = train.target;
  same.task = train.task;
  same.dtype = train.features.dtype();
  same.expected_columns = train.columns;
  same.expected_targets = train.target_names;
  same.group = same.time = "";  // the rows of this file are not split
  same.expected_classes = train.classes;
  same.expected_categories = train.categories;
  same.expected_formats = train.formats;
  same.expected_dates = train.dates;
  if (train.sample_shape.rank() > 1) same.missing = Missing::refuse;  // images have no missing pixels
  LoadedData loaded = load_data(file, same);
  notes.insert(notes.end(), loaded.notes.begin(), loaded.notes.end());
  return std::move(loaded.train);
}

void require_enough_rows(const char* option, const Source& source, std::int64_t rows) {
  if (!source.given || source.fraction == 0 || rows >= kMinRowsToSplit) return;
  throw Error(
      fmt::format("train: {} {}: {} rows are too few to set some aside ({} are needed); leave it out or give a file",
                  option, source.fraction, rows, kMinRowsToSplit));
}

std::string split_note(std::int64_t rows) {
  return fmt::format("{} rows are fewer than {}: all are trained on, none are kept for validation or test", rows,
                     kMinRowsToSplit);
}

// Takes the fractions out of splits.train.
void split(LoadedSplits& loaded, std::uint64_t seed, std::int64_t fold_count) {
  TableSplits& splits = loaded.splits;
  SplitOptions options{.validation = loaded.validation, .test = loaded.test, .seed = seed};
  options.groups = splits.train.groups;
  if (fold_count > 0) {
    loaded.folds = folds(splits.train, fold_count, options);
    loaded.whole = splits.train;
  }
  if (options.validation == 0 && options.test == 0) return;
  if (splits.train.rows() < kMinRowsToSplit) {
    loaded.notes.push_back(split_note(splits.train.rows()));
    return;
  }
  const Dataset all = std::move(splits.train);
  options.groups = all.groups;
  options.order = all.times;
  const Split rows = split_rows(all, options);
  if (!rows.validation.empty()) splits.validation = take_rows(all, rows.validation);
  if (!rows.test.empty()) splits.test = take_rows(all, rows.test);
  splits.train = take_rows(all, rows.train);
}

// The validation and test rows to be set aside, each as a fraction or a file.
struct HeldOutSplits {
  Source validation, test;
};

HeldOutSplits held_out_splits(const TableOptions& options) {
  HeldOutSplits splits{source_of("--validation", options.validation, kDefaultValidation),
                       source_of("--test", options.test, kDefaultTest)};
  if (options.folds > 0 && options.test)
    throw Error("train: --folds tests every row once, so --test has nothing to add; leave one out",
                {{"--folds"}, {"--test"}});
  if (options.folds > 0) splits.test.fraction = 0;
  return splits;
}

// Refuses ways to split that exclude each other.
void check_ways(bool groups, bool times, std::int64_t folds) {
  if (groups && times) {
    throw Error("train: --group and --time split the rows in two ways; leave one out", {{"--group"}, {"--time"}});
  }
  if (folds > 0 && times) {
    throw Error("train: --folds would test on the past, which --time excludes; leave one out",
                {{"--folds"}, {"--time"}});
  }
}

void require_rows_to_train(const HeldOutSplits& splits) {
  if (splits.validation.fraction + splits.test.fraction < 1) return;
  throw Error(fmt::format("train: --validation {} and --test {} leave no rows to train on; give less",
                          splits.validation.fraction, splits.test.fraction));
}

// Reads the files that are given, and remembers the fractions for the split.
void set_aside(LoadedSplits& loaded, const HeldOutSplits& held_out, const ReadOptions& options) {
  TableSplits& splits = loaded.splits;
  const auto& [validation, test] = held_out;
  require_enough_rows("--validation", validation, splits.train.rows());
  require_enough_rows("--test", test, splits.train.rows());
  if (!validation.file.empty()) splits.validation = load_like(validation.file, splits.train, options, loaded.notes);
  if (!test.file.empty()) splits.test = load_like(test.file, splits.train, options, loaded.notes);
  loaded.validation_file = validation.file;
  loaded.test_file = test.file;
  loaded.validation = validation.fraction;
  loaded.test = test.fraction;
  const auto rows_of = [](const std::optional<Dataset>& split) { return split ? split->rows() : 0; };
  loaded.rows = splits.train.rows() + rows_of(splits.validation) + rows_of(splits.test);
}

// A split of the data's own replaces the fraction, unless the option is given.
void use_own(const char* option, const char* name, std::optional<Dataset> own, Source& source,
             std::optional<Dataset>& split, std::vector<std::string>& notes) {
  if (!own) return;
  if (source.given) {
    notes.push_back(fmt::format("{} is given, so the {} files of the data are not used", option, name));
    return;
  }
  split = std::move(own);
  source.fraction = 0;
}

// A split that the caller provides replaces the fraction.
void keep_own(const char* name, const std::optional<Dataset>& own, Source& source) {
  if (!own) return;
  if (source.given) {
    throw Error(fmt::format("train_table: {0} is given and the data have {0} rows of their own; leave one out", name));
  }
  source.fraction = 0;
}

}  // namespace

LoadedSplits read_splits(const std::string& what, const TableOptions& options, bool fingerprint) {
  HeldOutSplits held_out = held_out_splits(options);
  check_ways(!options.group.empty(), !options.time.empty(), options.folds);
  require_rows_to_train(held_out);
  const ReadOptions reading = read_options(options);
  ReadOptions identified = reading;
  identified.fingerprint = fingerprint;
  LoadedData data = load_data(what, identified);
  LoadedSplits loaded;
  loaded.source = what;
  loaded.splits.train = std::move(data.train);
  loaded.fingerprint = std::move(data.fingerprint);
  loaded.notes = std::move(data.notes);
  loaded.columns = data.columns.empty() ? read_columns_of(loaded.splits.train) : std::move(data.columns);
  use_own("--validation", "validation", std::move(data.validation), held_out.validation, loaded.splits.validation,
          loaded.notes);
  use_own("--test", "test", std::move(data.test), held_out.test, loaded.splits.test, loaded.notes);
  set_aside(loaded, held_out, reading);
  return loaded;
}

LoadedSplits splits_of(TableSplits data, const TableOptions& options) {
  HeldOutSplits held_out = held_out_splits(options);
  require_no_reading(options);
  LoadedSplits loaded;
  complete(data, options.dtype, loaded.notes);
  check_ways(!data.train.groups.empty(), !data.train.times.empty(), options.folds);
  keep_own("validation", data.validation, held_out.validation);
  keep_own("test", data.test, held_out.test);
  require_rows_to_train(held_out);
  loaded.source = data.train.name;
  loaded.splits = std::move(data);
  loaded.columns = read_columns_of(loaded.splits.train);
  set_aside(loaded, held_out, read_options(options));
  return loaded;
}

bool splits_by_seed(const LoadedSplits& loaded) {
  const Dataset& data = loaded.splits.train;
  return (loaded.validation > 0 || loaded.test > 0) && data.rows() >= kMinRowsToSplit && data.times.empty();
}

void draw_splits(const TableOptions& options, LoadedSplits& loaded) { split(loaded, options.seed, options.folds); }

void drop_columns_without_cells(LoadedSplits& loaded) {
  TableSplits& splits = loaded.splits;
  const std::int64_t width = splits.train.feature_count();
  if (splits.train.sample_shape.rank() != 1) return;
  std::vector<std::size_t> empty;
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < width; ++i) {
    std::int64_t row = 0;
    while (row < splits.train.rows() && std::isnan(splits.train.features.at(row * width + i))) ++row;
    if (row < splits.train.rows() || splits.train.rows() == 0) continue;
    empty.push_back(static_cast<std::size_t>(i));
    names.push_back(splits.train.columns[static_cast<std::size_t>(i)]);
  }
  if (empty.empty() || static_cast<std::int64_t>(empty.size()) == width) return;
  splits.train = drop_columns(splits.train, empty);
  if (splits.validation) splits.validation = drop_columns(*splits.validation, empty);
  if (splits.test) splits.test = drop_columns(*splits.test, empty);
  for (const std::string& name : names) leave_out(loaded.columns, name, "has no value in any training row");
  loaded.notes.push_back(fmt::format("no training row has a cell in {} {}, so {} left out",
                                     names.size() == 1 ? "column" : "columns", list_names(names),
                                     names.size() == 1 ? "it is" : "they are"));
}

}  // namespace hillock
