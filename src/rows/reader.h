// Reads consecutive rows of a source block by block, as evaluation, statistics and checks do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/rows.h"

namespace hillock {

// The number of rows that checks and statistics read at once.
inline constexpr std::int64_t kScanRows = 4096;

// The fields of the rows that are to be read.
struct RowFields {
  bool features = false, targets = false, weights = false;
};

// Used by one thread; the source must outlive it. Holds at most one block.
class RowReader {
 public:
  // Reads those of the `fields` that the rows have; at most `most_rows` rows at once.
  RowReader(const RowSource& source, std::int64_t most_rows, RowFields fields);

  // Rows [first, first + count), valid until the next call. If they are in memory and count equals `most_rows`, the
  // view refers to them in place; otherwise they are gathered. Either way memory for `most_rows` rows may be read
  // behind the view's address; behind the rows it holds older rows or zeros.
  const RowsView& read(std::int64_t first, std::int64_t count);

 private:
  RowsView in_place(const RowsView& all, std::int64_t first, std::int64_t count) const;

  const RowSource& source_;
  std::int64_t most_rows_;
  RowFields fields_;
  std::vector<std::byte> features_, targets_, weights_;
  std::vector<std::int64_t> numbers_;
  RowsView view_;
};

// Calls use(first, rows) for consecutive blocks of `block_rows` rows until all rows have been read.
template <class Use>
void for_each_block(const RowSource& source, std::int64_t block_rows, RowFields fields, Use&& use) {
  RowReader reader(source, block_rows, fields);
  for (std::int64_t first = 0; first < source.rows(); first += block_rows)
    use(first, reader.read(first, std::min(block_rows, source.rows() - first)));
}

}  // namespace hillock
