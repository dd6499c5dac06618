// Gathering batches. The thread ahead fills one block of batches while the other is trained on.
#include "train/batch_feed.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "core/random.h"
#include "core/spin_wait.h"
#include "core/try_thread.h"

namespace hillock {
namespace {

// A block is handed over for about this many bytes, so that small batches share the cost of a hand-over (about a
// microsecond) and yet both blocks stay in a second-level cache.
constexpr std::size_t kBlockBytes = std::size_t{192} << 10;
// Below this a batch is gathered in place: docs/data-path.md has the figures.
constexpr std::size_t kAheadBatchBytes = std::size_t{16} << 10;
// Rows are scattered over memory, out of reach of the processor's own prefetching, unless all of them fit a cache.
constexpr std::size_t kCacheBytes = std::size_t{1} << 19;
constexpr std::size_t kPrefetchRows = 8;
constexpr std::size_t kPrefetchBytes = 512;
constexpr std::size_t kLine = 64;

void prefetch_row(const std::byte* row, std::size_t row_bytes) {
  for (std::size_t at = 0; at < std::min(row_bytes, kPrefetchBytes); at += kLine) __builtin_prefetch(row + at);
}

// With the size known to the compiler a row of one number is a load and a store.
template <std::size_t kBytes>
void gather_numbers(const std::byte* data, std::span<const std::int64_t> rows, std::byte* out) {
  for (std::size_t k = 0; k < rows.size(); ++k)
    std::memcpy(out + k * kBytes, data + static_cast<std::size_t>(rows[k]) * kBytes, kBytes);
}

}  // namespace

void draw_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> rows) {
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  PhiloxStream random(seed, "shuffle", static_cast<std::uint64_t>(epoch));
  shuffle(rows, random);
}

BatchFeed::Source::Source(const Tensor& tensor)
    : data(static_cast<const std::byte*>(tensor.raw())),
      row_bytes(tensor.shape()[0] == 0 ? 0 : tensor.bytes() / static_cast<std::size_t>(tensor.shape()[0])),
      prefetch(tensor.bytes() > kCacheBytes) {}

void BatchFeed::Source::gather(std::span<const std::int64_t> rows, std::byte* out) const {
  if (row_bytes == 4) return gather_numbers<4>(data, rows, out);
  if (row_bytes == 8) return gather_numbers<8>(data, rows, out);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (prefetch && k + kPrefetchRows < rows.size()) prefetch_row(row(rows[k + kPrefetchRows]), row_bytes);
    std::memcpy(out + k * row_bytes, row(rows[k]), row_bytes);
  }
}

void BatchFeed::Block::resize(std::size_t rows, const BatchFeed& feed) {
  features.resize(rows * feed.features_.row_bytes);
  targets.resize(rows * feed.targets_.row_bytes);
  weights.resize(rows * feed.weights_.row_bytes);
}

BatchFeed::BatchFeed(const Examples& examples, const BatchFeedOptions& options)
    : options_(options),
      rows_(examples.rows()),
      batches_in_epoch_((rows_ + options.batch - 1) / options.batch),
      batches_(batches_in_epoch_ *
               std::min(options.epochs, std::numeric_limits<std::int64_t>::max() / batches_in_epoch_)),
      features_(*examples.features),
      targets_(*examples.targets),
      weights_(examples.weights == nullptr ? Source() : Source(*examples.weights)),
      // Rows that all go into one batch need no order.
      shuffled_(options.shuffle && batches_in_epoch_ > 1),
      next_(options.first),
      next_in_epoch_(options.first % batches_in_epoch_) {
  if (!shuffled_ || batches_ == 0) return;
  const auto batch_rows = static_cast<std::size_t>(options.batch);
  order_.rows.resize(static_cast<std::size_t>(rows_));
  in_place_.resize(batch_rows, *this);
  const std::size_t batch_bytes = batch_rows * (features_.row_bytes + targets_.row_bytes + weights_.row_bytes);
  const bool processor_idle = std::thread::hardware_concurrency() > static_cast<unsigned>(options.busy_threads);
  if (!options.ahead.value_or(batch_bytes >= kAheadBatchBytes && processor_idle)) return;
  const auto fitting = static_cast<std::int64_t>(kBlockBytes / std::max<std::size_t>(batch_bytes, 1));
  batches_in_block_ = std::max<std::int64_t>(std::min(fitting, batches_), 1);
  order_ahead_.rows.resize(order_.rows.size());
  for (Block& block : blocks_) block.resize(static_cast<std::size_t>(batches_in_block_) * batch_rows, *this);
  position_.store(next_ / batches_in_block_, std::memory_order_relaxed);
  // Without a thread to spare every batch is gathered in place.
  thread_ = try_thread([this] { work(); });
}

BatchFeed::~BatchFeed() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_relaxed);
  position_.store(batches_ - 1, std::memory_order_release);  // no block comes after
  position_.notify_one();
  thread_.join();
}

std::int64_t BatchFeed::rows_of(std::int64_t batch_in_epoch) const {
  return std::min(options_.batch, rows_ - batch_in_epoch * options_.batch);
}

// The order depends on no earlier epoch.
void BatchFeed::draw(Order& order, std::int64_t epoch) const {
  draw_order(options_.seed, epoch, order.rows);
  order.epoch = epoch;
}

void BatchFeed::gather(std::int64_t batch, Order& order, Block& block, std::int64_t place) const {
  const std::int64_t epoch = batch / batches_in_epoch_ + 1;
  if (epoch != order.epoch) draw(order, epoch);
  const std::int64_t batch_in_epoch = batch % batches_in_epoch_;
  const auto first = static_cast<std::size_t>(batch_in_epoch * options_.batch);
  const auto count = static_cast<std::size_t>(rows_of(batch_in_epoch));
  const std::span<const std::int64_t> rows = std::span(order.rows).subspan(first, count);
  const auto before = static_cast<std::size_t>(place * options_.batch);
  features_.gather(rows, block.features.data() + before * features_.row_bytes);
  targets_.gather(rows, block.targets.data() + before * targets_.row_bytes);
  if (weights_.data != nullptr) weights_.gather(rows, block.weights.data() + before * weights_.row_bytes);
}

BatchFeed::Batch BatchFeed::batch_in(const Block& block, std::int64_t place, std::int64_t rows) const {
  const auto before = static_cast<std::size_t>(place * options_.batch);
  return {block.features.data() + before * features_.row_bytes, block.targets.data() + before * targets_.row_bytes,
          weights_.data == nullptr ? nullptr : block.weights.data() + before * weights_.row_bytes, rows};
}

void BatchFeed::work() {
  const std::int64_t blocks = (batches_ - 1) / batches_in_block_ + 1;
  for (std::int64_t number = 1; number < blocks; ++number) {
    // Where it has fallen behind it goes on with the block after the one that the owner is in.
    number = std::max(number, position_.load(std::memory_order_acquire) + 1);
    wait_while(position_, number - 2);
    if (number >= blocks || stopping_.load(std::memory_order_relaxed)) return;
    const auto slot = static_cast<std::size_t>(number % 2);
    const std::int64_t first = number * batches_in_block_;
    for (std::int64_t k = 0; k < batches_in_block_ && first + k < batches_; ++k) {
      gather(first + k, order_ahead_, blocks_[slot], k);
    }
    ready_[slot].store(number, std::memory_order_release);
  }
}

BatchFeed::Batch BatchFeed::next() {
  const std::int64_t batch = next_++;
  const std::int64_t batch_in_epoch = next_in_epoch_++;
  if (next_in_epoch_ == batches_in_epoch_) next_in_epoch_ = 0;
  const std::int64_t count = rows_of(batch_in_epoch);
  if (!shuffled_) {
    const std::int64_t first = batch_in_epoch * options_.batch;
    return {features_.row(first), targets_.row(first), weights_.row(first), count};
  }
  if (thread_.joinable()) {
    const std::int64_t number = batch / batches_in_block_;
    const std::int64_t in_block = batch % batches_in_block_;
    if (in_block == 0 && number > 0) {
      position_.store(number, std::memory_order_release);
      position_.notify_one();
    }
    const auto slot = static_cast<std::size_t>(number % 2);
    if (ready_[slot].load(std::memory_order_acquire) == number) return batch_in(blocks_[slot], in_block, count);
  }
  gather(batch, order_, in_place_, 0);
  return batch_in(in_place_, 0, count);
}

}  // namespace hillock
