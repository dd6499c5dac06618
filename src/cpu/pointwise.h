// Runs a function of vectors over the elements of pointwise operands: the kernels of all pointwise ops.
//
// The bits of an element do not depend on its position: in the unrolled loop, alone, or in the tail, which is computed
// as a whole vector whose other lanes are zero. Pointers need only the alignment of their element. `out` may be one of
// `in`, but must not overlap one in any other way.
#pragma once

#include <hwy/highway.h>

#include <array>
#include <cstddef>
#include <utility>

#include "cpu/partial_vector-inl.h"
#include "cpu/vector_math.h"
#include "hillock/op.h"

namespace hillock::cpu {

// out[i] = function(lanes, in[0][i], in[1][i], ...), two vectors at a time, which hides the latency of the function.
template <class T, class Function, std::size_t... kOperand>
void map_elements(const PointwiseCall& call, const Function& function, std::index_sequence<kOperand...>) {
  using D = hn::ScalableTag<T>;
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t elements = static_cast<std::size_t>(call.elements);
  [[maybe_unused]] const std::array<const T*, sizeof...(kOperand)> in = {static_cast<const T*>(call.in[kOperand])...};
  T* const out = static_cast<T*>(call.out);

  std::size_t i = 0;
  for (; i + 2 * lanes <= elements; i += 2 * lanes) {
    const auto first = function(VectorLane<D>{}, hn::LoadU(d, in[kOperand] + i)...);
    const auto second = function(VectorLane<D>{}, hn::LoadU(d, in[kOperand] + i + lanes)...);
    hn::StoreU(first, d, out + i);
    hn::StoreU(second, d, out + i + lanes);
  }
  if (i + lanes <= elements) {
    hn::StoreU(function(VectorLane<D>{}, hn::LoadU(d, in[kOperand] + i)...), d, out + i);
    i += lanes;
  }
  if (const std::size_t rest = elements - i; rest > 0) {
    store_first(d, function(VectorLane<D>{}, load_first(d, in[kOperand] + i, rest, T{0})...), out + i, rest);
  }
}

template <class T, std::size_t kOperands, class Function>
void run_pointwise(const PointwiseCall& call) {
  map_elements<T>(call, Function{}, std::make_index_sequence<kOperands>());
}

// The same for a function whose first operand is PointwiseCall::parameters[0] for every element.
template <class T, std::size_t kOperands, class Function>
void run_pointwise_with_parameter(const PointwiseCall& call) {
  const auto parameter = VectorLane<hn::ScalableTag<T>>::set(static_cast<T>(call.parameters[0]));
  map_elements<T>(
      call, [parameter](auto lanes, auto... in) { return Function{}(lanes, parameter, in...); },
      std::make_index_sequence<kOperands>());
}

// The rule of an op whose element is `function(lanes, in...)`, a lambda without captures; `lanes` is a VectorLane and
// each `in` one of its vectors.
template <std::size_t kOperands, class Function>
constexpr PointwiseRule pointwise_rule(Function, int flops) {
  return {.f32 = &run_pointwise<float, kOperands, Function>,
          .f64 = &run_pointwise<double, kOperands, Function>,
          .flops = flops};
}

// The same for `function(lanes, parameter, in...)`; `parameters` gets the parameter from the attributes.
template <std::size_t kOperands, class Function>
constexpr PointwiseRule pointwise_rule(Function, std::array<double, 2> (*parameters)(const Attributes&), int flops) {
  return {.f32 = &run_pointwise_with_parameter<float, kOperands, Function>,
          .f64 = &run_pointwise_with_parameter<double, kOperands, Function>,
          .parameters = parameters,
          .flops = flops};
}

}  // namespace hillock::cpu
