// The batches of a training run, one after another, epoch after epoch. Batches in shuffled order are gathered side by
// side, by a thread that stays ahead where that pays; batches of consecutive rows are handed out in place.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "hillock/step.h"

namespace hillock {

// The order of all rows in an epoch (the first is 1).
void draw_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> rows);

struct BatchFeedOptions {
  std::int64_t batch = 1;  // rows; the last batch of an epoch may have fewer
  std::int64_t epochs = 1;
  bool shuffle = true;  // a new order every epoch, from seed and epoch
  std::uint64_t seed = 0;
  std::int64_t first = 0;       // the batch that comes first, counted from that of the first epoch
  std::optional<bool> ahead{};  // unset: where it pays
  int busy_threads = 1;         // that compute meanwhile
};

// Belongs to one thread. The examples' tensors must outlive it. What it hands out does not depend on `ahead`.
class BatchFeed {
 public:
  struct Batch {
    const void* features;  // [rows, …input]
    const void* targets;
    const void* weights;  // [rows]; nullptr where rows have none
    std::int64_t rows;
  };

  BatchFeed(const Examples& examples, const BatchFeedOptions& options);
  ~BatchFeed();
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  // The next batch, valid until the next call; at most epochs × batches in an epoch of them. Allocates nothing.
  Batch next();

  std::int64_t batches_in_epoch() const { return batches_in_epoch_; }
  bool ahead() const { return thread_.joinable(); }

 private:
  // One of the tensors, with the size of a row; without one, rows of no bytes at nullptr.
  struct Source {
    Source() = default;
    explicit Source(const Tensor& tensor);
    const std::byte* row(std::int64_t index) const { return data + static_cast<std::size_t>(index) * row_bytes; }
    void gather(std::span<const std::int64_t> rows, std::byte* out) const;
    const std::byte* data = nullptr;
    std::size_t row_bytes = 0;
    bool prefetch = false;
  };
  // Gathered batches, side by side: several where they are small, so that one hand-over serves them all.
  struct Block {
    void resize(std::size_t rows, const BatchFeed& feed);
    std::vector<std::byte> features, targets, weights;
  };

  // The order of rows in an epoch; one for each side that gathers.
  struct Order {
    std::vector<std::int64_t> rows;
    std::int64_t epoch = 0;
  };

  std::int64_t rows_of(std::int64_t batch_in_epoch) const;
  void draw(Order& order, std::int64_t epoch) const;
  // Into `block`, as its batch number `place`.
  void gather(std::int64_t batch, Order& order, Block& block, std::int64_t place) const;
  Batch batch_in(const Block& block, std::int64_t place, std::int64_t rows) const;
  void work();

  BatchFeedOptions options_;
  std::int64_t rows_, batches_in_epoch_, batches_;  // batches_: in all epochs
  Source features_, targets_, weights_;
  bool shuffled_;
  std::int64_t batches_in_block_ = 1;
  std::int64_t next_ = 0;           // batch
  std::int64_t next_in_epoch_ = 0;  // its place in its epoch

  // Of the owner: where batches are gathered in place.
  Order order_;
  Block in_place_;

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
