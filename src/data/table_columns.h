// The feature columns of a table while it is being read: what their cells hold, and what is wrong with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/cells.h"
#include "data/columns.h"
#include "data/date_cells.h"
#include "data/layout.h"
#include "hillock/data.h"

namespace hillock {

// Cells of one kind: their number, and where the first of them are.
struct CellsFound {
  std::int64_t count = 0;
  std::vector<std::int64_t> lines;  // of the first three cells
  std::string first;

  void add(std::int64_t line, std::string_view text);
  // "line 17, "n/a"" or "lines 17, 40, 77; the first: "n/a"".
  std::string places() const;
};

// What was found in the cells of a column.
struct ColumnCells {
  CellsFound texts, infinite, missing;
  CellsFound unseen;     // categories that a model does not know
  CellsFound respelled;  // "TRUE" where the model has "True", "1.0" where it has "1"
  CellsFound dressed;    // numbers written otherwise than with digits and a point, without a format: "0x1f"
  CellsFound words;      // texts that mean a missing cell: "unknown"
};

// A feature of numbers, dates or categories. Categories are numbered as they occur, unless they are given.
struct FeatureColumn : ColumnCells {
  std::string name;
  std::size_t source = 0;  // the index of its cell in a row
  bool categorical = false;
  bool kind_given = false;             // by the options or a model
  bool closed = false;                 // no new categories
  bool coerce = false;                 // texts are missing cells
  bool truths = false;                 // its texts are truth values, read as 1 and 0
  bool may_be_unseen = false;          // a model need not know any of its cells
  bool profiled = false;               // its texts have been looked at, and it is what they make of it
  std::optional<NumberFormat> format;  // how its numbers are written; none: plainly
  std::vector<std::string> categories;
  std::vector<std::int64_t> counts;  // cells of each category
  std::vector<std::string> notes;    // on what it was taken for
  std::optional<DateCells> dates;    // its cells are dates: date_columns.h
  bool no_dates = false;             // it was taken for dates, and does not hold them

  // The number of the cell's category; NaN for a missing cell; categories.size() for a category that a closed column
  // does not know.
  double code_of(std::string_view cell, const CellRules& rules, std::int64_t line);
  // The cell's number. Returns NaN for a cell that is not a number, and records the cell.
  double number_of(std::string_view cell, const CellRules& rules, std::int64_t line);
  // The seconds of a cell of dates, likewise.
  double date_of(std::string_view cell, const CellRules& rules, std::int64_t line);
  // Categories by their bytes, those that mean the same as one; gives the new number of each old one.
  std::vector<double> sort_categories();
  // Forgets everything that was recorded about cells.
  void clear();

 private:
  std::size_t find_alike(std::string_view cell);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> codes_;
  // The categories of a closed column that are numbers, collected when the first is looked for.
  std::optional<std::unordered_map<std::string, std::size_t>> numbers_;
};

// The columns that `chosen` names, each with its kind, which is given or guessed from the first rows.
std::vector<FeatureColumn> guess_columns(const Layout& layout, const ChosenColumns& chosen, const ReadOptions& options);

// After rows were read. Throws Error for cells that cannot be used. Returns true if a column turned out to be something
// else than it was taken for, so that the rows have to be read again.
bool settle_kinds(const Layout& layout, std::vector<FeatureColumn>& columns, std::int64_t rows);

// After all rows were read for a model: throws Error for a categorical column of which the model knows no cell.
void refuse_unseen(const std::vector<FeatureColumn>& columns, std::string_view where);

// Tells what columns were taken for, of missing cells and of categories that a model does not know.
void note_cells(const std::vector<FeatureColumn>& columns, std::string_view where, std::vector<std::string>& notes);

}  // namespace hillock
