// constant {"value", "shape", "dtype"}: a tensor in which every element is `value`. It has no operands and no gradient.
#include "ops/constant/constant.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("constant", signature, 0);
  const Attributes& attributes = signature.attributes;
  const DType dtype = dtype_from_code("constant", attributes.integer("dtype"));
  const double value = attributes.real("value");
  if (!is_float(dtype)) {
    throw Error(fmt::format("constant: dtype {} was asked for and only f32 and f64 can be; feed integers as an input",
                            name_of(dtype)));
  }
  if (dtype == DType::f32 && std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
    throw Error(fmt::format("constant: {} is too large for f32; use f64", value));
  }
  return {{dtype, Shape(attributes.integers("shape")), {}}};
}

void reference(const ReferenceCall& call) {
  const double value = call.signature.attributes.real("value");
  visit_float(call.signature.out[0].dtype, [&]<class T>(T) {
    std::fill_n(static_cast<T*>(call.out[0]), call.signature.out[0].elements(), static_cast<T>(value));
  });
}

}  // namespace

const Op& constant_op() {
  static const Op op{.name = "constant",
                     .summary = "a tensor with every element the same",
                     .infer = &infer,
                     .reference = &reference,
                     .pointwise = &constant_pointwise()};
  return op;
}

}  // namespace hillock
