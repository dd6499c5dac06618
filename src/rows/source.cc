// The checks that all sources share, and the library's two sources.
#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "hillock/error.h"
#include "hillock/rows.h"
#include "rows/gather.h"

namespace hillock {
namespace {

void require_same_rows(const TensorType& features, const TensorType& field, std::string_view what) {
  if (field.shape.rank() >= 1 && field.shape[0] == features.shape[0]) return;
  throw Error(fmt::format("rows: the features are {} and the {} {}; give one for each row", features.to_string(), what,
                          field.to_string()));
}

void require_size(std::span<const std::byte> buffer, std::size_t row_bytes, std::size_t rows, std::string_view what) {
  if (buffer.empty() || buffer.size() == row_bytes * rows) return;
  throw Error(fmt::format("rows: room of {} bytes for the {} of {} rows of {} bytes; make it as large as they are",
                          buffer.size(), what, rows, row_bytes));
}

std::optional<TensorType> type_of(const TensorView& field) {
  return field ? std::optional(field.type()) : std::nullopt;
}

RowsView view_of(const Examples& rows) {
  if (rows.features == nullptr) throw Error("rows: the features are missing; pass them");
  return {.features = *rows.features,
          .targets = rows.targets == nullptr ? TensorView() : TensorView(*rows.targets),
          .weights = rows.weights == nullptr ? TensorView() : TensorView(*rows.weights)};
}

}  // namespace

RowSource::RowSource(RowTypes types) : types_(std::move(types)) {
  if (types_.features.shape.rank() < 1) {
    throw Error(
        fmt::format("rows: the features are {}; give them a first axis of the rows", types_.features.to_string()));
  }
  feature_bytes_ = bytes_of_row(types_.features);
  if (types_.targets) {
    require_same_rows(types_.features, *types_.targets, "targets");
    target_bytes_ = bytes_of_row(*types_.targets);
  }
  if (types_.weights) {
    require_same_rows(types_.features, *types_.weights, "weights");
    weight_bytes_ = bytes_of_row(*types_.weights);
  }
}

void RowSource::gather(std::span<const std::int64_t> numbers, const RowBuffers& out) const {
  require_size(out.features, feature_bytes_, numbers.size(), "features");
  require_size(out.targets, target_bytes_, numbers.size(), "targets");
  require_size(out.weights, weight_bytes_, numbers.size(), "weights");
  const auto rows = static_cast<std::uint64_t>(this->rows());
  bool inside = true;
  for (const std::int64_t number : numbers) inside &= static_cast<std::uint64_t>(number) < rows;
  if (!inside) {
    for (const std::int64_t number : numbers) {
      if (static_cast<std::uint64_t>(number) >= rows)
        throw Error(fmt::format("rows: row {} of {}; rows count from 0", number, rows));
    }
  }
  fill(numbers, out);
}

MemoryRows::MemoryRows(const RowsView& rows)
    : RowSource({.features = rows.features.type(), .targets = type_of(rows.targets), .weights = type_of(rows.weights)}),
      rows_(rows) {}

MemoryRows::MemoryRows(const Examples& rows) : MemoryRows(view_of(rows)) {}

void MemoryRows::fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const {
  if (!out.features.empty()) gather_rows(rows_.features, feature_bytes(), numbers, out.features.data());
  if (!out.targets.empty()) gather_rows(rows_.targets, target_bytes(), numbers, out.targets.data());
  if (!out.weights.empty()) gather_rows(rows_.weights, weight_bytes(), numbers, out.weights.data());
}

GeneratedRows::GeneratedRows(const RowTypes& types, Function function)
    : RowSource(types), function_(std::move(function)) {
  if (!function_) throw Error("rows: there is no function that makes them; pass one");
}

void GeneratedRows::fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const {
  function_(numbers, out);
}

}  // namespace hillock
