#include "rows/reader.h"

#include <numeric>

#include "rows/gather.h"

namespace hillock {

RowReader::RowReader(const RowSource& source, std::int64_t most_rows, RowFields fields)
    : source_(source), most_rows_(most_rows), fields_(fields) {
  fields_.targets = fields_.targets && source.types().targets;
  fields_.weights = fields_.weights && source.types().weights;
}

RowsView RowReader::in_place(const RowsView& all, std::int64_t first, std::int64_t count) const {
  const auto field = [&](bool wanted, const TensorView& view, std::size_t row_bytes) -> TensorView {
    if (!wanted) return {};
    return {static_cast<const std::byte*>(view.raw()) + static_cast<std::size_t>(first) * row_bytes,
            static_cast<std::size_t>(count) * row_bytes, type_of_rows(view.type(), count)};
  };
  return {.features = field(fields_.features, all.features, source_.feature_bytes()),
          .targets = field(fields_.targets, all.targets, source_.target_bytes()),
          .weights = field(fields_.weights, all.weights, source_.weight_bytes())};
}

const RowsView& RowReader::read(std::int64_t first, std::int64_t count) {
  const RowsView* const all = source_.in_memory();
  if (all != nullptr && count == most_rows_) return view_ = in_place(*all, first, count);
  numbers_.resize(static_cast<std::size_t>(count));
  std::iota(numbers_.begin(), numbers_.end(), first);
  // The buffers have room for a whole block; the rows fill the beginning of it.
  const auto field = [&](bool wanted, std::vector<std::byte>& buffer, std::size_t row_bytes) -> std::span<std::byte> {
    if (!wanted) return {};
    buffer.resize(static_cast<std::size_t>(most_rows_) * row_bytes);
    return std::span(buffer).first(static_cast<std::size_t>(count) * row_bytes);
  };
  const RowBuffers out{.features = field(fields_.features, features_, source_.feature_bytes()),
                       .targets = field(fields_.targets, targets_, source_.target_bytes()),
                       .weights = field(fields_.weights, weights_, source_.weight_bytes())};
  source_.gather(numbers_, out);
  const auto view = [&](std::span<const std::byte> bytes, const TensorType& type) {
    return bytes.empty() ? TensorView() : TensorView(bytes.data(), bytes.size(), type_of_rows(type, count));
  };
  const RowTypes& types = source_.types();
  return view_ = {.features = view(out.features, types.features),
                  .targets = view(out.targets, types.targets.value_or(TensorType{})),
                  .weights = view(out.weights, types.weights.value_or(TensorType{}))};
}

}  // namespace hillock
