// all_finite {"keep_last"}: 1 if no element of any operand is a NaN or an infinity, otherwise 0. With keep_last it
// gives such a flag for each index of the operands' last axis. The result does not depend on the order. Not
// differentiable.
#include "ops/all_finite/all_finite.h"

#include <cmath>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::int64_t last_extent(const Shape& shape) { return shape[shape.rank() - 1]; }

std::vector<TensorType> infer(const OpSignature& signature) {
  if (signature.in.empty()) throw Error("all_finite: no operands were given; it takes one or more");
  constexpr std::size_t kMostOperands = 16;  // as many as the kernel has parameters for
  if (signature.in.size() > kMostOperands) {
    throw Error(fmt::format("all_finite: {} operands; it takes {} at most, so concat() some of them",
                            signature.in.size(), kMostOperands));
  }
  const TensorType& first = signature.in[0];
  const bool keeps = signature.attributes.integer("keep_last") != 0;
  for (const TensorType& type : signature.in) {
    require_float("all_finite", type);
    if (type.dtype != first.dtype) {
      throw Error(fmt::format("all_finite: the operands are {} and {}; give all the same dtype, with cast()",
                              first.to_string(), type.to_string()));
    }
    if (keeps && (type.shape.rank() == 0 || last_extent(type.shape) != last_extent(first.shape))) {
      throw Error(
          fmt::format("all_finite: the last axis is to be kept, and the operands are {} and {}; give all a last "
                      "axis of the same extent",
                      first.to_string(), type.to_string()));
    }
  }
  return {{DType::i32, keeps ? Shape{last_extent(first.shape)} : Shape{}, IntegerRange{0, 2}}};
}

void reference(const ReferenceCall& call) {
  auto* flags = static_cast<std::int32_t*>(call.out[0]);
  const std::int64_t kept = call.signature.out[0].elements();
  std::fill(flags, flags + kept, 1);
  for (std::size_t operand = 0; operand < call.in.size(); ++operand) {
    const TensorType& type = call.signature.in[operand];
    visit_float(type.dtype, [&]<class T>(T) {
      const T* values = static_cast<const T*>(call.in[operand]);
      for (std::int64_t i = 0; i < type.elements(); ++i) {
        if (!std::isfinite(values[i])) flags[i % kept] = 0;
      }
    });
  }
}

// A flag for each replica. If there is a kept axis already, it and the replicas temporarily form one axis.
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  const bool keeps = alone.attributes.integer("keep_last") != 0;
  const std::int64_t kept = alone.out[0].elements() * replicas;
  std::vector<Value> operands;
  for (const ReplicaOperand& operand : in) {
    Value value = widened(graph, operand, replicas);
    if (keeps) {
      const std::int64_t rows = kept == 0 ? 0 : graph.type(value).elements() / kept;
      value = ops::reshape(graph, value, Shape{rows, kept});
    }
    operands.push_back(value);
  }
  const Value flags = graph.apply(all_finite_op(), operands, {{"keep_last", std::int64_t{1}}})[0];
  return {keeps ? ops::reshape(graph, flags, with_replicas(alone.out[0].shape, replicas)) : flags};
}

double flops(const OpSignature& signature) {
  std::int64_t elements = 0;
  for (const TensorType& type : signature.in) elements += type.elements();
  return static_cast<double>(elements);
}

constexpr Op kAllFinite{.name = "all_finite",
                        .summary = "whether no element is NaN or infinite",
                        .infer = &infer,
                        .gradient = nullptr,
                        .reference = &reference,
                        .kernel = &plan_all_finite,
                        .replicate = &replicate,
                        .flops = &flops};

}  // namespace

const Op& all_finite_op() { return kAllFinite; }

}  // namespace hillock
