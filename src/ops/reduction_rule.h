// Shared by sum, mean, max and argmax: an operand is viewed as [outer, reduced, inner], and the middle axis is removed.
#pragma once

#include <string_view>
#include <vector>

#include "core/reduction.h"
#include "hillock/ops.h"
#include "ops/type_rule.h"

namespace hillock {

struct ReducedShape {
  std::int64_t outer = 1;
  std::int64_t reduced = 1;
  std::int64_t inner = 1;
};

inline ReducedShape split_at_axes(const Shape& shape, int axis, int axes) {
  return {extent_of(shape, 0, axis), extent_of(shape, axis, axis + axes), extent_of(shape, axis + axes, shape.rank())};
}
inline ReducedShape reduced_shape(const OpSignature& signature) {
  return split_at_axes(signature.in[0].shape, static_cast<int>(signature.attributes.integer("axis")),
                       static_cast<int>(signature.attributes.integer("axes")));
}

inline Shape without_axes(const Shape& shape, int axis, int axes) {
  std::vector<std::int64_t> dims = dims_of(shape);
  dims.erase(dims.begin() + axis, dims.begin() + axis + axes);
  return Shape(dims);
}

// {"axis", "axes"}: the adjacent axes [axis, axis + axes) are reduced and removed.
inline std::vector<TensorType> infer_reduction(std::string_view op, const OpSignature& signature, bool allows_nothing) {
  require_operands(op, signature, 1);
  const TensorType& in = signature.in[0];
  require_float(op, in);
  const std::int64_t axis = signature.attributes.integer("axis");
  const std::int64_t axes = signature.attributes.integer("axes");
  if (axis < 0 || axes < 1 || axis >= in.shape.rank() || axes > in.shape.rank() - axis) {
    throw Error(fmt::format("{}: axis={}, axes={} of {}; reduce one or more axes within the operand's {}", op, axis,
                            axes, in.to_string(), in.shape.rank()));
  }
  if (!allows_nothing && reduced_shape(signature).reduced == 0) {
    throw Error(fmt::format("{}: no elements along the {} axes from axis {} of {}; the {} of nothing is not a number",
                            op, axes, axis, in.to_string(), op));
  }
  return {{in.dtype, without_axes(in.shape, static_cast<int>(axis), static_cast<int>(axes)), {}}};
}

// Repeats `value`, shaped like the reduction's result, along the axes that the reduction removed from `shape`.
inline Value spread_over_axes(Graph& graph, Value value, const Shape& shape, int axis, int axes) {
  std::vector<std::int64_t> dims = dims_of(shape);
  std::fill(dims.begin() + axis, dims.begin() + axis + axes, 1);
  return ops::broadcast(graph, ops::reshape(graph, value, Shape(dims)), shape);
}

// Sets each output element to finish(reduction of its elements, number of elements).
template <class Rule, class Finish>
void reduction_reference(const ReferenceCall& call, Finish&& finish) {
  const ReducedShape shape = reduced_shape(call.signature);
  visit_float(call.signature.in[0].dtype, [&]<class T>(T) {
    const T* in = static_cast<const T*>(call.in[0]);
    T* out = static_cast<T*>(call.out[0]);
    for (std::int64_t o = 0; o < shape.outer; ++o) {
      for (std::int64_t i = 0; i < shape.inner; ++i) {
        const auto at = [&](std::int64_t r) { return in[(o * shape.reduced + r) * shape.inner + i]; };
        out[o * shape.inner + i] = finish(reduce_elements<Rule, T>(shape.reduced, at), static_cast<T>(shape.reduced));
      }
    }
  });
}

inline double reduction_flops(const OpSignature& signature) { return static_cast<double>(signature.in[0].elements()); }

}  // namespace hillock
