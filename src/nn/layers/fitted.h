// Shared by the layers before and behind a network, whose statistics were fitted elsewhere.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/error.h"
#include "hillock/nn.h"

namespace hillock::nn {

// The statistic `name` with one number for each column, initially `values`.
inline Value fitted(Scope& scope, const std::string& name, const std::vector<double>& values,
                    DType dtype = DType::f64) {
  return scope.statistic(name, {static_cast<std::int64_t>(values.size())}, {.dtype = dtype, .values = values});
}

inline void require_columns(std::string_view layer, const Graph& graph, Value in, std::size_t columns) {
  const TensorType& type = graph.type(in);
  if (type.shape.rank() == 2 && type.shape[1] == static_cast<std::int64_t>(columns)) return;
  throw Error(fmt::format("{}: the input is {} and it was fitted to {} columns; give rows of as many", layer,
                          type.to_string(), columns));
}

inline void require_one_each(std::string_view layer, const std::vector<double>& offset,
                             const std::vector<double>& factor) {
  if (offset.size() == factor.size()) return;
  throw Error(fmt::format("{}: {} offsets and {} factors; give one of each for each column", layer, offset.size(),
                          factor.size()));
}

// For layers that the text of a network cannot describe.
[[noreturn]] inline void refuse_text(std::string_view word, std::string_view lacking, std::string_view function) {
  throw Error(fmt::format("{}: a text does not say {}; use {}", word, lacking, function));
}

}  // namespace hillock::nn
