// For tests: computes cell by cell what the layers that encode and scale rows compute.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "hillock/encoding.h"

namespace hillock::oracle {

// Encodes one row: in[columns] → out[inputs].
template <class T, class N>
void encode(const Encoding& encoding, const Scaler& scaler, const T* in, N* out) {
  using Wider = decltype(T() + N());
  const bool scale = scaler.kind != Scale::none;
  N* embedded = out;
  for (const ColumnEncoding& column : encoding.columns) embedded += column.plain_inputs();
  for (std::size_t i = 0; i < encoding.columns.size(); ++i) {
    const ColumnEncoding& column = encoding.columns[i];
    const std::size_t count = column.categories.size();
    const bool missing = std::isnan(in[i]) || (column.is_categorical() && in[i] == -1);
    if (column.is_embedded()) {
      *embedded++ = static_cast<N>(missing ? static_cast<T>(count) : in[i]);
    } else if (column.is_categorical()) {
      std::fill_n(out, count, N(0));
      if (!missing && in[i] >= 0 && in[i] < static_cast<T>(count)) out[static_cast<std::size_t>(in[i])] = 1;
      out += count;
    } else {
      const Wider value = missing ? static_cast<Wider>(encoding.fill[i]) : static_cast<Wider>(in[i]);
      *out++ = static_cast<N>(scale ? (static_cast<double>(value) - scaler.offset[i]) * scaler.factor[i] : value);
    }
    if (column.missing) *out++ = missing ? 1 : 0;
  }
}

// Calls use(values) with the elements of a float tensor in their own type.
template <class Use>
void visit(const Tensor& tensor, const Use& use) {
  tensor.dtype() == DType::f64 ? use(tensor.values<double>()) : use(tensor.values<float>());
}

// Encodes every row of a tensor [rows, columns] into `dtype`, the type of a network.
inline Tensor encoded(const Encoding& encoding, const Scaler& scaler, const Tensor& rows, DType dtype) {
  const auto width = static_cast<std::size_t>(rows.shape()[1]);
  const std::int64_t inputs = encoding.inputs(width);
  Tensor result(TensorType{dtype, Shape{rows.shape()[0], inputs}, {}});
  const auto each = [&](auto in, auto out) {
    for (std::size_t row = 0; row * width < in.size(); ++row)
      encode(encoding, scaler, in.data() + row * width, out.data() + row * static_cast<std::size_t>(inputs));
  };
  visit(rows,
        [&](auto in) { dtype == DType::f64 ? each(in, result.values<double>()) : each(in, result.values<float>()); });
  return result;
}

// Replaces each value by change(column, value), computed in f64 and rounded once.
template <class Change>
void change_each(Tensor& values, const Change& change) {
  const auto columns = values.shape()[1];
  for (std::int64_t k = 0; k < values.elements(); ++k)
    values.set(k, change(static_cast<std::size_t>(k % columns), values.at(k)));
}

inline void scale(const Scaler& scaler, Tensor& values) {
  if (scaler.kind == Scale::none) return;
  change_each(values, [&](std::size_t i, double value) { return (value - scaler.offset[i]) * scaler.factor[i]; });
}

inline void unscale(const Scaler& scaler, Tensor& values) {
  if (scaler.kind == Scale::none) return;
  change_each(values, [&](std::size_t i, double value) { return value / scaler.factor[i] + scaler.offset[i]; });
}

}  // namespace hillock::oracle
