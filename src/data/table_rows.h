// Reads the rows of a table in blocks: numbers and categories into a matrix, other cells as text.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "data/outliers.h"
#include "data/table_columns.h"

namespace hillock {

// Copies of texts, stored close together. Views into the file would keep its pages in memory.
class TextCopies {
 public:
  // The copy lives as long as this object, or until clear().
  std::string_view add(std::string_view text);
  void clear() { blocks_.clear(); }

 private:
  std::deque<std::string> blocks_;
};

// Cells that are kept as text: targets, weights, groups, times, and columns that are copied to an output.
struct KeptCells {
  std::vector<std::size_t> sources;                  // positions in a row
  std::vector<std::vector<std::string_view>> texts;  // one list per source, with one text per row
  std::vector<std::int64_t> lines;                   // one per row
  TextCopies copies;                                 // of texts that are in a file

  void clear();
};

// Counts the rows below the header. Throws Error if there are none, or if a row has a different number of cells.
// Skipped rows are reported in `notes`.
std::int64_t count_rows(const Layout& layout, const FileText* file, std::vector<std::string>& notes);

// Walks the rows below the header.
class TableRows {
 public:
  // All arguments must outlive this object. `file` is told how much has been read; nullptr if the text is in memory.
  TableRows(const Layout& layout, std::vector<FeatureColumn>& columns, const FileText* file);

  // Parses at most `rows` rows into `out` [rows, columns] and appends to the texts of `kept`, which live as long as
  // `kept` and this object. Returns the number of rows read. Throws Error for a row with a different number of cells. T
  // is float or double.
  template <class T>
  std::int64_t read(std::int64_t rows, T* out, KeptCells& kept);
  void forget_cells() { walker_.forget_cells(); }
  // Where the next row begins, and back to it.
  RowWalker place() const { return walker_; }
  void go_back(const RowWalker& place) { walker_ = place; }
  // The largest rounding error in T of each column.
  const std::vector<double>& lost() const { return lost_; }
  // The least and the greatest value of each column.
  const std::vector<Interval>& ranges() const { return ranges_; }

 private:
  std::vector<std::int32_t> find_places(const KeptCells& kept);
  // Stores a cell of column `column` in its place of `out`, a row.
  template <class T>
  void store(std::size_t column, std::string_view cell, T* out);
  template <class T>
  bool read_plain(T* out, KeptCells& kept);
  template <class T>
  bool read_any(T* out, KeptCells& kept);

  const Layout& layout_;
  std::vector<FeatureColumn>& columns_;
  const FileText* file_;
  RowWalker walker_;
  std::vector<std::int32_t> places_;   // for next_numbers; empty if that cannot be used
  std::vector<std::size_t> of_texts_;  // columns whose cells next_numbers keeps: categories, dates, formatted numbers
  std::vector<double> lost_;
  std::vector<Interval> ranges_;
  std::vector<std::string_view> cells_, texts_;
};

}  // namespace hillock
