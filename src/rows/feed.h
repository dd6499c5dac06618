// The batches of a training run, one after another, epoch after epoch. Consecutive rows that lie in memory are handed
// out in place; all others are gathered side by side, by a thread that stays ahead where that pays.
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
  bool shuffle = true;  // a new order every epoch, from seed and epoch
  std::uint64_t seed = 0;
  std::int64_t first = 0;       // the batch that comes first, counted from that of the first epoch
  std::optional<bool> ahead{};  // unset: where it pays
  int busy_threads = 1;         // that compute meanwhile
};

// Belongs to one thread. What it hands out does not depend on `ahead`.
class BatchFeed {
 public:
  // `weights` [rows] take the place of the source's own; nullptr: rows have none. Both must outlive the feed.
  BatchFeed(const RowSource& source, const Tensor* weights, const BatchFeedOptions& options);
  ~BatchFeed();
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  // The next batch, valid until the next call; at most epochs × batches in an epoch of them. Allocates nothing. Throws
  // what the source throws; then the same batch comes next.
  const RowsView& next();

  std::int64_t batches_in_epoch() const { return batches_in_epoch_; }
  bool ahead() const { return thread_.joinable(); }

 private:
  const RowsView& take(std::int64_t batch, std::int64_t batch_in_epoch);
  // Gathered batches, side by side: several where they are small, so that one hand-over serves them all.
  struct Block {
    void resize(std::size_t rows, const BatchFeed& feed);
    std::vector<std::byte> features, targets, weights;
  };

  // The numbers of rows on one of the sides that gather: all of an epoch in its order, or those of a batch.
  struct Order {
    std::vector<std::int64_t> rows;
    std::int64_t epoch = 0;
  };

  std::int64_t rows_of(std::int64_t batch_in_epoch) const;
  std::span<const std::int64_t> numbers_of(std::int64_t batch, Order& order) const;
  // Into `block`, as its batch number `place`.
  void gather(std::int64_t batch, Order& order, Block& block, std::int64_t place) const;
  const RowsView& batch_at(const std::byte* features, const std::byte* targets, const std::byte* weights,
                           std::int64_t row, std::int64_t rows);
  const RowsView& batch_in(const Block& block, std::int64_t place, std::int64_t rows);
  void start_thread(std::size_t batch_bytes);
  void work();
  void gather_ahead(std::int64_t number);

  BatchFeedOptions options_;
  std::int64_t rows_, batches_in_epoch_, batches_;  // batches_: in all epochs
  const RowSource& source_;
  TensorView weights_;
  std::size_t feature_bytes_, target_bytes_, weight_bytes_;  // of a row
  const RowsView* in_memory_;                                // of the source
  bool shuffled_, gathers_;
  RowsView full_, rest_;  // what was handed out last: a whole batch, or a smaller last one
  std::int64_t batches_in_block_ = 1;
  std::int64_t next_ = 0;           // batch
  std::int64_t next_in_epoch_ = 0;  // its place in its epoch

  // Of the owner: where batches are gathered that the thread does not.
  Order order_;
  Block in_place_;
  bool gathered_ = false;  // into in_place_, some batch

  // Of the thread ahead. It fills block b into blocks_[b % 2] once the owner has left block b - 2, and says so in
  // ready_. The owner never waits: what is not ready when it is needed is gathered in place.
  Order order_ahead_;
  std::array<Block, 2> blocks_;
  std::array<std::atomic<std::int64_t>, 2> ready_{-1, -1};  // the block each holds
  alignas(64) std::atomic<std::int64_t> position_{0};       // the block the owner is in
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace hillock
