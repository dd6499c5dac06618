// Gathers batches. While training uses one block of batches, the thread ahead fills the other.
#include "rows/feed.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/spin_wait.h"
#include "core/try_thread.h"
#include "rows/gather.h"
#include "rows/order.h"

namespace hillock {
namespace {

// The approximate size of a block. It is large enough for small batches to share the cost of handing over a block
// (about a microsecond), and small enough for both blocks to stay in a second-level cache.
constexpr std::size_t kBlockBytes = std::size_t{192} << 10;
// Smaller batches are gathered in place; docs/data-path.md has the measurements.
constexpr std::size_t kAheadBatchBytes = std::size_t{16} << 10;

const std::byte* bytes_of(const TensorView& field) { return static_cast<const std::byte*>(field.raw()); }

// Views of `rows` rows of each field, without an address yet.
RowsView batch_of(const RowSource& source, const TensorView& weights, std::int64_t rows) {
  const auto field = [&](const std::optional<TensorType>& type) {
    return type ? TensorView::of_type(type_of_rows(*type, rows)) : TensorView();
  };
  return {.features = field(source.types().features),
          .targets = field(source.types().targets),
          .weights = field(weights ? std::optional(weights.type()) : std::nullopt)};
}

}  // namespace

void BatchFeed::Block::resize(std::size_t rows, const BatchFeed& feed) {
  features.resize(rows * feed.feature_bytes_);
  targets.resize(rows * feed.target_bytes_);
  weights.resize(rows * feed.weight_bytes_);
}

BatchFeed::BatchFeed(const RowSource& source, const Tensor* weights, const BatchFeedOptions& options)
    : options_(options),
      rows_(source.rows()),
      batches_in_epoch_((rows_ + options.batch - 1) / options.batch),
      batches_(batches_in_epoch_ *
               std::min(options.epochs, std::numeric_limits<std::int64_t>::max() / batches_in_epoch_)),
      source_(source),
      weights_(weights == nullptr ? TensorView() : TensorView(*weights)),
      feature_bytes_(source.feature_bytes()),
      target_bytes_(source.target_bytes()),
      weight_bytes_(weights_ ? bytes_of_row(weights_.type()) : 0),
      in_memory_(source.in_memory()),
      // If one batch holds all rows, their order does not matter.
      shuffled_(options.shuffle && batches_in_epoch_ > 1),
      gathers_(shuffled_ || in_memory_ == nullptr),
      full_(batch_of(source, weights_, std::min(options.batch, rows_))),
      rest_(batch_of(source, weights_, rows_ % options.batch)),
      next_(options.first),
      next_in_epoch_(options.first % batches_in_epoch_) {
  if (!gathers_ || batches_ == 0) return;
  const auto batch_rows = static_cast<std::size_t>(std::min(options.batch, rows_));
  order_.rows.resize(shuffled_ ? static_cast<std::size_t>(rows_) : batch_rows);
  in_place_.resize(batch_rows, *this);
  if (batches_in_epoch_ > 1) start_thread(batch_rows * (feature_bytes_ + target_bytes_ + weight_bytes_));
}

void BatchFeed::start_thread(std::size_t batch_bytes) {
  const bool processor_idle = std::thread::hardware_concurrency() > static_cast<unsigned>(options_.busy_threads);
  if (!options_.ahead.value_or(batch_bytes >= kAheadBatchBytes && processor_idle)) return;
  const auto fitting = static_cast<std::int64_t>(kBlockBytes / std::max<std::size_t>(batch_bytes, 1));
  batches_in_block_ = std::max<std::int64_t>(std::min(fitting, batches_), 1);
  order_ahead_.rows.resize(order_.rows.size());
  for (Block& block : blocks_) block.resize(static_cast<std::size_t>(batches_in_block_ * options_.batch), *this);
  position_.store(next_ / batches_in_block_, std::memory_order_relaxed);
  // If no thread can be started, every batch is gathered in place.
  thread_ = try_thread([this] { work(); });
}

BatchFeed::~BatchFeed() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_relaxed);
  position_.store(batches_ - 1, std::memory_order_release);  // there is no block after this one
  position_.notify_one();
  thread_.join();
}

std::int64_t BatchFeed::rows_of(std::int64_t batch_in_epoch) const {
  return std::min(options_.batch, rows_ - batch_in_epoch * options_.batch);
}

// The order of an epoch does not depend on earlier epochs.
std::span<const std::int64_t> BatchFeed::numbers_of(std::int64_t batch, Order& order) const {
  const std::int64_t first = batch % batches_in_epoch_ * options_.batch;
  const auto count = static_cast<std::size_t>(rows_of(batch % batches_in_epoch_));
  if (!shuffled_) {
    const auto numbers = std::span(order.rows).first(count);
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
  }
  const std::int64_t epoch = batch / batches_in_epoch_ + 1;
  if (epoch != order.epoch) draw_order(options_.seed, epoch, order.rows);
  order.epoch = epoch;
  return std::span(order.rows).subspan(static_cast<std::size_t>(first), count);
}

void BatchFeed::gather(std::int64_t batch, Order& order, Block& block, std::int64_t place) const {
  const std::span<const std::int64_t> numbers = numbers_of(batch, order);
  const auto before = static_cast<std::size_t>(place * options_.batch);
  const auto field = [&](std::vector<std::byte>& bytes, std::size_t row_bytes) {
    return std::span(bytes).subspan(before * row_bytes, numbers.size() * row_bytes);
  };
  source_.gather(numbers,
                 {.features = field(block.features, feature_bytes_), .targets = field(block.targets, target_bytes_)});
  if (weights_) gather_rows(weights_, weight_bytes_, numbers, field(block.weights, weight_bytes_).data());
}

// The view of `rows` rows from row number `row` on in three arrays.
const RowsView& BatchFeed::batch_at(const std::byte* features, const std::byte* targets, const std::byte* weights,
                                    std::int64_t row, std::int64_t rows) {
  RowsView& batch = rows == options_.batch || batches_in_epoch_ == 1 ? full_ : rest_;
  const auto before = static_cast<std::size_t>(row);
  batch.features.move_to(features + before * feature_bytes_);
  batch.targets.move_to(targets + before * target_bytes_);
  if (weights_) batch.weights.move_to(weights + before * weight_bytes_);
  return batch;
}

const RowsView& BatchFeed::batch_in(const Block& block, std::int64_t place, std::int64_t rows) {
  return batch_at(block.features.data(), block.targets.data(), block.weights.data(), place * options_.batch, rows);
}

void BatchFeed::work() {
  const std::int64_t blocks = (batches_ - 1) / batches_in_block_ + 1;
  for (std::int64_t number = 1; number < blocks; ++number) {
    // If this thread has fallen behind, it continues with the block after the one that the owner is in.
    number = std::max(number, position_.load(std::memory_order_acquire) + 1);
    wait_while(position_, number - 2);
    if (number >= blocks || stopping_.load(std::memory_order_relaxed)) return;
    try {
      gather_ahead(number);
    } catch (...) {
      return;  // the owner gathers the batch in place and gets the error there
    }
  }
}

void BatchFeed::gather_ahead(std::int64_t number) {
  const auto slot = static_cast<std::size_t>(number % 2);
  const std::int64_t first = number * batches_in_block_;
  for (std::int64_t k = 0; k < batches_in_block_ && first + k < batches_; ++k)
    gather(first + k, order_ahead_, blocks_[slot], k);
  ready_[slot].store(number, std::memory_order_release);
}

const RowsView& BatchFeed::next() {
  const RowsView& rows = take(next_, next_in_epoch_);
  ++next_;  // not reached if the rows could not be read, so that the same batch comes again
  if (++next_in_epoch_ == batches_in_epoch_) next_in_epoch_ = 0;
  return rows;
}

const RowsView& BatchFeed::take(std::int64_t batch, std::int64_t batch_in_epoch) {
  const std::int64_t count = rows_of(batch_in_epoch);
  if (!gathers_) {
    return batch_at(bytes_of(in_memory_->features), bytes_of(in_memory_->targets), bytes_of(weights_),
                    batch_in_epoch * options_.batch, count);
  }
  // If there is one batch, it is the same in every epoch.
  if (batches_in_epoch_ == 1 && gathered_) return full_;
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
  gathered_ = true;
  return batch_in(in_place_, 0, count);
}

}  // namespace hillock
