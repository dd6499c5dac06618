// The feature columns of a table while it is being read: what their cells hold, and what is wrong with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/cells.h"
#include "data/columns.h"
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

// A numeric or categorical feature. Categories are numbered as they occur, unless they are given.
struct FeatureColumn {
  std::string name;
  std::size_t source = 0;  // the index of its cell in a row
  bool categorical = false;
  bool kind_given = false;  // given by the options or a model
  bool closed = false;      // accepts no new categories
  std::vector<std::string> categories;
  std::vector<std::int64_t> counts;  // the number of cells of each category
  CellsFound texts, infinite, missing, unseen;

  // The number of the cell's category; NaN for a missing cell; categories.size() for a category that a closed column
  // does not know.
  double code_of(std::string_view cell, const CellRules& rules, std::int64_t line);
  // The cell's number. Returns NaN for a cell that is not a number, and records the cell.
  double number_of(std::string_view cell, const CellRules& rules, std::int64_t line);
  // Sorts the categories by their bytes; returns the new number of each old one.
  std::vector<double> sort_categories();
  // Forgets everything that was recorded about cells.
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> codes_;
};

// The columns that `chosen` names, each with its kind, which is given or guessed from the first rows.
std::vector<FeatureColumn> guess_columns(const Layout& layout, const ChosenColumns& chosen, const ReadOptions& options);

// To be called after all rows were read. Throws Error for cells that cannot be used. Returns true if a column changed
// from numeric to categorical, so that the rows have to be read again.
bool settle_kinds(const Layout& layout, std::vector<FeatureColumn>& columns, std::int64_t rows);

// Notes missing cells and categories that a model does not know.
void note_cells(const std::vector<FeatureColumn>& columns, std::string_view where, std::vector<std::string>& notes);

}  // namespace hillock
