// Views of arrays that others own: what they check, and that they copy nothing.
#include "hillock/tensor_view.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "core/error_testing.h"

namespace hillock {
namespace {

TEST(TensorView, IsOfATensorOrAnArray) {
  const Tensor tensor = Tensor::from<float>({2, 2}, {1, 2, 3, 4});
  const TensorView of_tensor = tensor;
  EXPECT_EQ(of_tensor.raw(), tensor.raw());
  EXPECT_EQ(of_tensor.type(), tensor.type());
  std::vector<double> numbers{1, 2, 3, 4, 5, 6};
  const TensorView of_vector(numbers, {2, 3});
  EXPECT_EQ(of_vector.raw(), numbers.data());
  EXPECT_EQ(of_vector.type(), (TensorType{DType::f64, {2, 3}, {}}));
  numbers[5] = 7;
  EXPECT_EQ(of_vector.values<double>()[5], 7);
  EXPECT_EQ(of_vector.at(5), 7);
  const std::int32_t labels[] = {0, 2};
  const TensorView of_array(labels, {2}, IntegerRange{0, 3});
  EXPECT_EQ(of_array.type(), (TensorType{DType::i32, {2}, IntegerRange{0, 3}}));
  const TensorView along_one_axis = std::span(numbers).first(4);
  EXPECT_EQ(along_one_axis.shape(), Shape{4});
  EXPECT_EQ(along_one_axis.bytes(), 32u);
}

TEST(TensorView, OfNothingIsFalse) {
  EXPECT_FALSE(TensorView());
  EXPECT_FALSE(TensorView(Tensor()));
  EXPECT_EQ(TensorView(Tensor()).elements(), 0);
  EXPECT_TRUE(TensorView(Tensor(TensorType{DType::f32, {1}, {}})));
}

TEST(TensorView, DoesNotFitWhatItIsNot) {
  std::vector<float> numbers(6);
  EXPECT_EQ(error_of([&] {
              TensorView(numbers, {2, 2});
            }),
            "view: f32[2, 2] needs 16 bytes and there are 24; give the type that the array has");
  EXPECT_EQ(error_of([&] {
              TensorView(nullptr, 4, TensorType{DType::f32, {1}, {}});
            }),
            "view: f32[1] at a null pointer; pass the array's own");
  alignas(8) std::array<std::byte, 16> bytes{};
  EXPECT_EQ(error_of([&] {
              TensorView(bytes.data() + 4, 8, TensorType{DType::f64, {1}, {}});
            }),
            "view: f64[1] at an address that is no multiple of 8; copy the array to one that is");
  EXPECT_EQ(error_of([&] { (void)TensorView(numbers).values<double>(); }), "view: the elements are f32, not f64");
}

// A temporary vector would be destroyed before the view.
TEST(TensorView, IsNotOfATemporaryArray) {
  static_assert(std::is_constructible_v<TensorView, std::vector<float>&, Shape>);
  static_assert(std::is_constructible_v<TensorView, const std::vector<float>&>);
  static_assert(std::is_constructible_v<TensorView, std::span<const float>>);
  static_assert(!std::is_constructible_v<TensorView, std::vector<float>, Shape>);
  static_assert(!std::is_constructible_v<TensorView, std::vector<char>&>);
}

}  // namespace
}  // namespace hillock
