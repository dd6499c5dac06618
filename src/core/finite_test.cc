#include "core/finite.h"

#include <gtest/gtest.h>

#include <limits>

namespace hillock {
namespace {

template <class T>
void expect_found_anywhere(DType dtype) {
  using Limits = std::numeric_limits<T>;
  for (const std::int64_t elements : {1, 3, 17, 64, 100}) {
    Tensor tensor(TensorType{dtype, {elements}, {}});
    T* values = tensor.values<T>().data();
    for (std::int64_t i = 0; i < elements; ++i) {
      constexpr T kFinite[] = {0, -T(0), Limits::max(), Limits::lowest(), Limits::min(), Limits::denorm_min(), 1, -3};
      values[i] = kFinite[i % 8];
    }
    EXPECT_TRUE(all_finite(tensor)) << elements;
    for (std::int64_t i = 0; i < elements; ++i) {
      const T kept = values[i];
      for (const T bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), -Limits::quiet_NaN(),
                          Limits::signaling_NaN()}) {
        values[i] = bad;
        EXPECT_FALSE(all_finite(tensor)) << bad << " at " << i << " of " << elements;
      }
      values[i] = kept;
    }
  }
}

TEST(AllFinite, FindsNanAndInfinityAtEveryPlace) {
  expect_found_anywhere<float>(DType::f32);
  expect_found_anywhere<double>(DType::f64);
}

TEST(AllFinite, HoldsForIntegersAndForNothing) {
  EXPECT_TRUE(all_finite(Tensor::from<std::int32_t>({2}, {0x7F800000, -1})));
  EXPECT_TRUE(all_finite(Tensor(TensorType{DType::f32, {0}, {}})));
}

}  // namespace
}  // namespace hillock
