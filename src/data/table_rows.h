// The rows of a table, part by part: numbers and categories into a matrix, other cells as text.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "data/table_columns.h"

namespace hillock {

// Copies of texts, close together: a text that is kept must not hold on to the page of the file that it stands on.
class TextCopies {
 public:
  // Lives as long as this, or until clear().
  std::string_view add(std::string_view text);
  void clear() { blocks_.clear(); }

 private:
  std::deque<std::string> blocks_;
};

// Cells that are kept as text: the target's, those of weights, groups and times, those to be copied to an output.
struct KeptCells {
  std::vector<std::size_t> sources;                  // by position in a row
  std::vector<std::vector<std::string_view>> texts;  // for each source, one a row
  std::vector<std::int64_t> lines;                   // one a row
  TextCopies copies;                                 // of texts in a file

  void clear();
};

// Counts the rows below the header. Throws Error if there is none, or for one with another number of cells than the
// others.
std::int64_t count_rows(const Layout& layout, const FileText* file);

// Walks the rows below the header.
class TableRows {
 public:
  // All outlive this. `file` is told what has been read; nullptr: the text is in memory.
  TableRows(const Layout& layout, std::vector<FeatureColumn>& columns, const FileText* file);

  // Parses at most `rows` rows into `out` [rows, columns] and `kept`, whose texts are appended to and live as long as
  // both, and returns how many there were. Throws Error for a row with another number of cells. T is float or double.
  template <class T>
  std::int64_t read(std::int64_t rows, T* out, KeptCells& kept);
  void forget_cells() { walker_.forget_cells(); }
  // For each column the most that rounding to T has taken from a number.
  const std::vector<double>& lost() const { return lost_; }

 private:
  std::vector<std::int32_t> find_places(const KeptCells& kept);
  template <class T>
  bool read_plain(T* out, KeptCells& kept);
  template <class T>
  bool read_any(T* out, KeptCells& kept);

  const Layout& layout_;
  std::vector<FeatureColumn>& columns_;
  const FileText* file_;
  RowWalker walker_;
  std::vector<std::int32_t> places_;  // for next_numbers; empty: it cannot serve
  std::vector<std::size_t> categorical_;
  std::vector<double> lost_;
  std::vector<std::string_view> cells_, texts_;
};

}  // namespace hillock
