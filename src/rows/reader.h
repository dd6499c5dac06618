// Consecutive rows of a source, block by block: what evaluation, statistics and checks walk over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/rows.h"

namespace hillock {

// Which parts of the rows are wanted.
struct RowParts {
  bool features = false, targets = false, weights = false;
};

// Belongs to one thread; the source must outlive it. Holds one block at most.
class RowReader {
 public:
  // The parts that are wanted and that the rows have; at most `most_rows` at once.
  RowReader(const RowSource& source, std::int64_t most_rows, RowParts parts);

  // Rows [first, first + count), valid until the next call: where they lie, if they are in memory and as many as fit,
  // else gathered. So memory for `most_rows` may be read behind the view; what follows the rows are older ones or
  // zeros.
  const RowsView& read(std::int64_t first, std::int64_t count);

 private:
  RowsView in_place(const RowsView& all, std::int64_t first, std::int64_t count) const;

  const RowSource& source_;
  std::int64_t most_rows_;
  RowParts parts_;
  std::vector<std::byte> features_, targets_, weights_;
  std::vector<std::int64_t> numbers_;
  RowsView view_;
};

// Calls use(first, rows) for all rows in their order, in blocks of `block_rows`.
template <class Use>
void for_each_block(const RowSource& source, std::int64_t block_rows, RowParts parts, Use&& use) {
  RowReader reader(source, block_rows, parts);
  for (std::int64_t first = 0; first < source.rows(); first += block_rows)
    use(first, reader.read(first, std::min(block_rows, source.rows() - first)));
}

}  // namespace hillock
