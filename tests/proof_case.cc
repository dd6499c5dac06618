// Applies an op at one point and compares its results.
#include "tests/proof_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "hillock/error.h"
#include "hillock/session.h"
#include "ops/oracle.h"
#include "tests/paths.h"

namespace hillock {
namespace {

bool has_dtype(const std::vector<Tensor>& tensors, DType dtype) {
  return std::ranges::any_of(tensors, [&](const Tensor& tensor) { return tensor.dtype() == dtype; });
}

Tensor converted(const Tensor& tensor, DType from, DType to) {
  if (tensor.dtype() != from) return tensor;
  Tensor result(TensorType{to, tensor.shape(), {}});
  for (std::int64_t i = 0; i < tensor.elements(); ++i) result.set(i, tensor.at(i));
  return result;
}

// The number of values that an index may take.
std::int64_t index_bound(const ProofCase& point) {
  for (const char* name : {"rows", "depth"}) {
    if (point.attributes.has(name)) return point.attributes.integer(name);
  }
  for (const Tensor& tensor : point.inputs) {
    if (is_float(tensor.dtype()) && tensor.shape().rank() > 0) return tensor.shape()[0];
  }
  return 1;
}

AppliedOp apply_with(const Op& op, const ProofCase& point, bool give_ranges) {
  AppliedOp applied;
  for (std::size_t k = 0; k < point.inputs.size(); ++k) {
    TensorType type = point.inputs[k].type();
    if (give_ranges && !is_float(type.dtype) && !type.range) type.range = IntegerRange{0, index_bound(point)};
    const std::string name = fmt::format("in{}", k);
    applied.in.push_back(applied.graph.input(name, type));
    applied.bound.emplace(name, point.inputs[k]);
  }
  applied.out = applied.graph.apply(op, applied.in, point.attributes);
  return applied;
}

// An element's bits, the same for all NaN.
std::uint64_t bits_of(const Tensor& tensor, std::int64_t index) {
  if (is_float(tensor.dtype()) && std::isnan(tensor.at(index))) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t bits = 0;
  const std::size_t bytes = size_in_bytes(tensor.dtype());
  std::memcpy(&bits, static_cast<const std::byte*>(tensor.raw()) + static_cast<std::size_t>(index) * bytes, bytes);
  return bits;
}

// A value as arithmetic in `dtype` treats it: infinite beyond the largest number, zero below the smallest normal one.
double as_computed(double value, DType dtype) {
  const double smallest =
      dtype == DType::f32 ? static_cast<double>(std::numeric_limits<float>::min()) : std::numeric_limits<double>::min();
  if (std::abs(value) < smallest) return 0;
  return dtype == DType::f32 ? static_cast<double>(static_cast<float>(value)) : value;
}

bool is_close(double got, double expected, DType dtype, double tolerance, double magnitude) {
  if (std::isnan(expected)) return std::isnan(got);
  const double wanted = as_computed(expected, dtype);
  if (got == wanted || got == expected) return true;
  if (!std::isfinite(got) || !std::isfinite(wanted)) return false;
  const double smallest =
      dtype == DType::f32 ? static_cast<double>(std::numeric_limits<float>::min()) : std::numeric_limits<double>::min();
  return std::abs(got - expected) <= tolerance * std::max({std::abs(expected), magnitude, smallest});
}

}  // namespace

bool ProofCase::is_single() const { return has_dtype(inputs, DType::f32); }
bool ProofCase::has_double() const { return has_dtype(inputs, DType::f64); }

std::vector<ProofCase> oracle_cases(const std::string& op) {
  std::vector<ProofCase> cases;
  const auto read = read_oracle(source_directory() / "src/ops", op);
  if (!read) return cases;
  for (const OracleCase& entry : *read) {
    cases.push_back(
        {.name = entry.name, .attributes = entry.attributes, .inputs = entry.inputs, .expected = entry.outputs});
  }
  return cases;
}

std::vector<ProofCase> gradient_cases(const OpSpec& spec) {
  std::vector<ProofCase> cases;
  for (const GradientCase& entry : spec.gradient_cases) {
    cases.push_back({.name = entry.name, .attributes = entry.attributes, .inputs = entry.inputs, .check = entry.check});
  }
  return cases;
}

Tensor rounded_to_f32(const Tensor& tensor) { return converted(tensor, DType::f64, DType::f32); }
Tensor widened_to_f64(const Tensor& tensor) { return converted(tensor, DType::f32, DType::f64); }

ProofCase rounded_to_f32(const ProofCase& point) {
  ProofCase result{.name = point.name + " in f32", .attributes = point.attributes, .inputs = {}, .check = point.check};
  for (const Tensor& tensor : point.inputs) result.inputs.push_back(rounded_to_f32(tensor));
  return result;
}

std::vector<ProofCase> in_both_precisions(const std::vector<ProofCase>& cases) {
  std::vector<ProofCase> result = cases;
  for (const ProofCase& point : cases) {
    if (point.has_double()) result.push_back(rounded_to_f32(point));
  }
  return result;
}

bool is_finite(const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    if (!std::isfinite(tensor.at(i))) return false;
  }
  return true;
}

AppliedOp apply_op(const Op& op, const ProofCase& point) {
  try {
    return apply_with(op, point, false);
  } catch (const Error&) {
    return apply_with(op, point, true);
  }
}

std::vector<Tensor> run_reference(const AppliedOp& applied, const std::vector<Value>& outputs) {
  const NaiveRun run = run_naive(applied.graph, applied.bound, Store());
  std::vector<Tensor> results;
  for (Value value : outputs) results.push_back(run.at(value));
  return results;
}

std::vector<Tensor> run_planned(const AppliedOp& applied, const std::vector<Value>& outputs, int threads) {
  const Plan plan(applied.graph, {.outputs = outputs});
  Store store;
  Session session(plan, store, {.threads = threads, .force_threads = true});
  for (const auto& [name, tensor] : applied.bound) session.bind(name, tensor);
  session.run();
  std::vector<Tensor> results;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    TensorType type = plan.outputs()[k].type;
    type.range.reset();
    Tensor& result = results.emplace_back(type);
    if (type.bytes() > 0) std::memcpy(result.raw(), session.output(k), type.bytes());
  }
  return results;
}

std::string difference_of_bits(const Tensor& got, const Tensor& expected) {
  if (got.dtype() != expected.dtype() || got.shape() != expected.shape()) {
    return fmt::format("{} in place of {}", got.type().to_string(), expected.type().to_string());
  }
  for (std::int64_t i = 0; i < got.elements(); ++i) {
    if (bits_of(got, i) != bits_of(expected, i)) {
      return fmt::format("element {} of {} is {:.17g} in place of {:.17g}", i, got.type().to_string(), got.at(i),
                         expected.at(i));
    }
  }
  return {};
}

std::string difference_of_bits(const std::vector<Tensor>& got, const std::vector<Tensor>& expected) {
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const std::string difference = difference_of_bits(got.at(k), expected[k]);
    if (!difference.empty()) return fmt::format("output {}: {}", k, difference);
  }
  return {};
}

std::string difference_beyond(const Tensor& got, const Tensor& expected, double tolerance, double magnitude) {
  if (got.shape() != expected.shape())
    return fmt::format("{} in place of {}", got.shape().to_string(), expected.shape().to_string());
  if (!is_float(got.dtype())) return difference_of_bits(got, expected);
  for (std::int64_t i = 0; i < got.elements(); ++i) {
    if (is_close(got.at(i), expected.at(i), got.dtype(), tolerance, magnitude)) continue;
    return fmt::format("element {} of {} is {:.17g} in place of {:.17g}, {:.3g} relative to a tolerance of {:.3g}", i,
                       got.type().to_string(), got.at(i), expected.at(i),
                       std::abs(got.at(i) - expected.at(i)) / std::abs(expected.at(i)), tolerance);
  }
  return {};
}

}  // namespace hillock
