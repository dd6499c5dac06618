// argmax {"axis"}: the index of the largest element along an axis, as i32 in [0, extent). Not differentiable: it is a
// step function.
#include "ops/argmax/argmax.h"

#include <limits>

#include "ops/argmax/first_maximum.h"
#include "ops/reduction_rule.h"
#include "ops/replicate_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("argmax", signature, 1);
  const TensorType& in = signature.in[0];
  require_float("argmax", in);
  const std::int64_t axis = signature.attributes.integer("axis");
  if (axis < 0 || axis >= in.shape.rank()) {
    throw Error(fmt::format("argmax: axis={} of {}; name one of its {} axes", axis, in.to_string(), in.shape.rank()));
  }
  const std::int64_t extent = in.shape[static_cast<int>(axis)];
  if (extent == 0 || extent > std::numeric_limits<std::int32_t>::max()) {
    throw Error(
        fmt::format("argmax: axis {} of {} has {} elements; it takes 1 to 2^31 - 1", axis, in.to_string(), extent));
  }
  return {{DType::i32, without_axes(in.shape, static_cast<int>(axis), 1), IntegerRange{0, extent}}};
}

void reference(const ReferenceCall& call) {
  const Shape& in_shape = call.signature.in[0].shape;
  const ReducedShape shape = split_at_axes(in_shape, static_cast<int>(call.signature.attributes.integer("axis")), 1);
  visit_float(call.signature.in[0].dtype, [&]<class T>(T) {
    const T* in = static_cast<const T*>(call.in[0]);
    std::int32_t* out = static_cast<std::int32_t*>(call.out[0]);
    for (std::int64_t o = 0; o < shape.outer; ++o) {
      for (std::int64_t i = 0; i < shape.inner; ++i) {
        out[o * shape.inner + i] = first_maximum(in + o * shape.reduced * shape.inner + i, shape.reduced, shape.inner);
      }
    }
  });
}

constexpr Op kArgmax{.name = "argmax",
                     .summary = "where the largest stands along an axis",
                     .infer = &infer,
                     .gradient = nullptr,
                     .reference = &reference,
                     .kernel = &plan_argmax,
                     .replicate = &replicate_as_it_is<&argmax_op>,
                     .flops = &reduction_flops};

}  // namespace

const Op& argmax_op() { return kArgmax; }

}  // namespace hillock
