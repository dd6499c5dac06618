// The list of specs, and the input values of gradient cases.
#include "ops/spec.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hillock {
namespace {

// A static of a function, so that other files may register specs before this one is initialized.
std::vector<OpSpec>& specs() {
  static std::vector<OpSpec> list;
  return list;
}

// splitmix64 (Steele, Lea & Flood 2014): a full-period mix of a counter.
std::uint64_t mix(std::uint64_t counter) {
  std::uint64_t bits = counter * 0x9E3779B97F4A7C15u;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
  return bits ^ (bits >> 31);
}

}  // namespace

bool register_spec(OpSpec spec) {
  specs().push_back(std::move(spec));
  return true;
}

const std::vector<OpSpec>& registered_specs() { return specs(); }

Tensor sample_values(Shape shape, double low, double high, std::uint64_t seed) {
  Tensor tensor(TensorType{DType::f64, shape, {}});
  std::uint64_t counter = mix(seed);
  for (double& value : tensor.values<double>()) {
    const double unit = static_cast<double>(mix(++counter) >> 11) * 0x1p-53;
    value = low + (high - low) * unit;
  }
  return tensor;
}

Tensor integer_values(Shape shape, std::initializer_list<std::int32_t> values, IntegerRange range) {
  Tensor tensor(TensorType{DType::i32, shape, range});
  const Tensor copied = Tensor::from<std::int32_t>(shape, values);  // checks the count
  std::ranges::copy(copied.values<std::int32_t>(), tensor.values<std::int32_t>().begin());
  return tensor;
}

}  // namespace hillock
