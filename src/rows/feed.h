// Supplies the batches of a training run, epoch after epoch. Consecutive rows in memory are handed out in place. All
// other rows are gathered into contiguous memory, ahead of their use by a thread of its own where that is faster.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "hillock/rows.h"

namespace hillock {

struct BatchFeedOptions {
  std::int64_t batch = 1;  // rows; the last batch of an epoch may have fewer
  std::int64_t epochs = 1;
  bool shuffle = true;  // draw a new order every epoch, from seed and epoch
  std::uint64_t seed = 0;
  std::int64_t first = 0;  // the number of the first batch to hand out, counted from the beginning of the first epoch
  std::optional<bool> ahead{};  // whether to gather ahead; unset: where it is faster
  int busy_threads = 1;         // threads that compute meanwhile
};

// Used by one thread. What it hands out does not depend on `ahead`.
class BatchFeed {
 public:
  // `weights` [rows] replace the source's own; nullptr means that rows have no weights. Both arguments must outlive the
  // feed.
  BatchFeed(const RowSource& source, const Tensor* weights, const BatchFeedOptions& options);
  ~BatchFeed();
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  // The next batch, valid until the next call. To be called at most epochs × batches_in_epoch() times. Allocates
  // nothing. Throws what the source throws; the next call then tries the same batch again.
  const RowsView& next();

  std::int64_t batches_in_epoch() const { return batches_in_epoch_; }
  bool ahead() const { return thread_.joinable(); }

 private:
  const RowsView& take(std::int64_t batch, std::int64_t batch_in_epoch);
  // Gathered batches in contiguous memory. A block holds several batches if they are small, so that one hand-over
  // serves them all.
  struct Block {
    void resize(std::size_t rows, const BatchFeed& feed);
    std::vector<std::byte> features, targets, weights;
  };

  // Row numbers as one of the two threads uses them: of a whole epoch in its order, or of one batch if rows are not
  // shuffled.
  struct Order {
    std::vector<std::int64_t> rows;
    std::int64_t epoch = 0;
  };

  std::int64_t rows_of(std::int64_t batch_in_epoch) const;
  std::span<const std::int64_t> numbers_of(std::int64_t batch, Order& order) const;
  // Gathers the batch into `block`, as its batch number `place`.
  void gather(std::int64_t batch, Order& order, Block& block, std::int64_t place) const;
  const RowsView& batch_at(const std::byte* features, const std::byte* targets, const std::byte* weights,
                           std::int64_t row, std::int64_t rows);
  const RowsView& batch_in(const Block& block, std::int64_t place, std::int64_t rows);
  void start_thread(std::size_t batch_bytes);
  void work();
  void gather_ahead(std::int64_t number);

  BatchFeedOptions options_;
  std::int64_t rows_, batches_in_epoch_, batches_;  // batches_ counts all epochs
  const RowSource& source_;
  TensorView weights_;
  std::size_t feature_bytes_, target_bytes_, weight_bytes_;  // bytes per row
  const RowsView* in_memory_;                                // the source's rows, if they are in memory
  bool shuffled_, gathers_;
  RowsView full_, rest_;  // the batch handed out last: a full one, or a smaller one at the end of an epoch
  std::int64_t batches_in_block_ = 1;
  std::int64_t next_ = 0;           // number of the next batch
  std::int64_t next_in_epoch_ = 0;  // its number within its epoch

  // Used by the owner, to gather batches that the thread ahead has not gathered.
  Order order_;
  Block in_place_;
  bool gathered_ = false;  // whether in_place_ holds a batch

  // Used by the thread ahead. It fills block b into blocks_[b % 2] once the owner has left block b - 2, and then stores
  // b in ready_[b % 2]. The owner never waits: it gathers in place what is not ready when needed.
  Order order_ahead_;
  std::array<Block, 2> blocks_;
  std::array<std::atomic<std::int64_t>, 2> ready_{-1, -1};  // the number of the block that each holds
  alignas(64) std::atomic<std::int64_t> position_{0};       // the number of the block that the owner is in
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace hillock
