// to_index {"rows"}: turns numbers into indices of a table with this many rows, by truncating
// them and limiting them to [0, rows): f32 or f64 […] -> i32 […] with that range. It lets
// categories among the features select rows of a table. Not differentiable: it is a step
// function.
#include "ops/to_index/to_index.h"

#include <limits>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("to_index", signature, 1);
  require_float("to_index", signature.in[0]);
  const std::int64_t rows = signature.attributes.integer("rows");
  if (rows < 1 || rows > std::numeric_limits<std::int32_t>::max()) {
    throw Error(fmt::format("to_index: rows={}; a table has 1 to 2147483647", rows));
  }
  return {{DType::i32, signature.in[0].shape, IntegerRange{0, rows}}};
}

void reference(const ReferenceCall& call) {
  const auto rows = static_cast<std::int32_t>(call.signature.attributes.integer("rows"));
  visit_float(call.signature.in[0].dtype, [&]<class T>(T) {
    const T* in = static_cast<const T*>(call.in[0]);
    auto* out = static_cast<std::int32_t*>(call.out[0]);
    for (std::int64_t k = 0; k < call.signature.in[0].elements(); ++k) out[k] = index_from(in[k], rows);
  });
}

constexpr Op kToIndex{.name = "to_index",
                      .summary = "numbers as indices of a table",
                      .infer = &infer,
                      .gradient = nullptr,
                      .reference = &reference,
                      .kernel = &plan_to_index,
                      .replicate = &replicate_as_it_is<&to_index_op>};

}  // namespace

const Op& to_index_op() { return kToIndex; }

}  // namespace hillock
