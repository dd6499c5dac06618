// Columns of a table whose cells are dates: found by their first rows, settled when all were read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/layout.h"
#include "data/table_columns.h"
#include "hillock/data.h"

namespace hillock {

// Takes columns for dates whose kind is not given and whose first cells nearly all are dates, and those that a model
// knows as dates.
void guess_dates(const Layout& layout, std::vector<FeatureColumn>& columns, const ReadOptions& options);
// The same for columns in which the first texts come after so many numbers or missing cells that they were not seen.
void guess_late_dates(std::vector<FeatureColumn>& columns, const ReadOptions& options);

// After all rows were read. Throws Error where day and month cannot be told apart, and for cells among the dates that
// are none. Returns true if the rows have to be read again: in another order, or as something else than dates.
bool settle_dates(const Layout& layout, FeatureColumn& column, std::int64_t rows);

// Tells which columns hold dates, and how they were read.
void note_dates(const std::vector<FeatureColumn>& columns, const ReadOptions& options, std::vector<std::string>& notes);

// The times of a column that orders the rows: its numbers, or the seconds of its dates. Throws Error for texts that are
// neither, or whose day and month cannot be told apart. `lines`: where the cells stand.
std::vector<double> read_times(const std::vector<std::string_view>& cells, const std::vector<std::int64_t>& lines,
                               std::string_view column, const Layout& layout, const ReadOptions& options);

}  // namespace hillock
