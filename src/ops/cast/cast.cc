// cast {"dtype"}: the elements in another type, 0 = f32, 1 = f64, 2 = i32, 3 = i64.
#include "ops/cast/cast.h"

#include <limits>

#include "hillock/ops.h"
#include "ops/cast/convert.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

// A range survives a change of integer type if the new type can hold it.
std::optional<IntegerRange> range_after(const TensorType& in, DType dtype) {
  if (is_float(in.dtype) || is_float(dtype) || !in.range) return std::nullopt;
  constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int32_t>::max();
  if (dtype == DType::i32 && (in.range->begin < kLeast || in.range->end > kGreatest + 1)) return std::nullopt;
  return in.range;
}

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("cast", signature, 1);
  const TensorType& in = signature.in[0];
  const DType dtype = dtype_from_code("cast", signature.attributes.integer("dtype"));
  return {{dtype, in.shape, range_after(in, dtype)}};
}

// Apart from rounding, a cast between float types is the identity, so din is dout in the operand's type. Casts from or
// to integers have no gradient.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const DType in = graph.type(graph.node(id).inputs[0]).dtype;
  const DType out = graph.type({id, 0}).dtype;
  if (!is_float(in) || !is_float(out)) return {Value{}};
  return {ops::cast(graph, dout[0], in)};
}

void reference(const ReferenceCall& call) {
  const std::int64_t elements = call.signature.in[0].elements();
  visit_dtype(call.signature.in[0].dtype, [&]<class From>(From) {
    visit_dtype(call.signature.out[0].dtype, [&]<class To>(To) {
      const From* in = static_cast<const From*>(call.in[0]);
      To* out = static_cast<To*>(call.out[0]);
      for (std::int64_t k = 0; k < elements; ++k) out[k] = convert_element<To>(in[k]);
    });
  });
}

constexpr Op kCast{.name = "cast",
                   .summary = "the elements in another type",
                   .infer = &infer,
                   .gradient = &gradient,
                   .reference = &reference,
                   .kernel = &plan_cast,
                   .replicate = &replicate_as_it_is<&cast_op>};

}  // namespace

const Op& cast_op() { return kCast; }

}  // namespace hillock
