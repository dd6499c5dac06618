// Makes tensors from what C++ programs hold, and checks what the concepts of layers, losses and elements accept.
#include "hillock/tensor.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/tensor_testing.h"
#include "hillock/error.h"
#include "hillock/nn.h"

namespace hillock {
namespace {

TEST(TensorFrom, TakesVectorsSpansAndArrays) {
  const std::vector<float> floats = {1, 2, 3, 4};
  const std::array<std::int32_t, 4> integers = {1, 2, 3, 4};
  for (const Tensor& tensor : {Tensor::from({2, 2}, floats), Tensor::from({2, 2}, std::span(floats)),
                               Tensor::from({2, 2}, integers), Tensor::from<double>({2, 2}, {1, 2, 3, 4})}) {
    EXPECT_EQ(tensor.shape(), (Shape{2, 2}));
    EXPECT_EQ(elements_of(tensor), (std::vector<double>{1, 2, 3, 4}));
  }
  EXPECT_EQ(Tensor::from({2, 2}, integers).dtype(), DType::i32);
  EXPECT_EQ(Tensor::from(floats).shape(), (Shape{4}));
}

TEST(TensorFrom, TakesRows) {
  const Tensor tensor = Tensor::from(std::vector<std::vector<double>>{{1, 2, 3}, {4, 5, 6}});
  EXPECT_EQ(tensor.type().to_string(), "f64[2, 3]");
  EXPECT_EQ(elements_of(tensor), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(Tensor::from(std::vector<std::vector<float>>{}).shape(), (Shape{0, 0}));
  try {
    Tensor::from(std::vector<std::vector<double>>{{1, 2, 3}, {4, 5}});
    FAIL() << "rows of different lengths were taken";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "tensor: a row has 2 values and the first one 3; give rows of the same length");
  }
}

TEST(Concepts, LetInWhatFits) {
  static_assert(Element<float> && Element<std::int64_t> && !Element<bool> && !Element<std::string>);
  static_assert(ElementRange<std::vector<double>> && !ElementRange<std::vector<std::string>>);
  const auto layer = [](nn::Scope&, Value in) { return in; };
  const auto no_value = [](nn::Scope&, Value) { return 1.0; };
  const auto other_operands = [](Graph&, Value in) { return in; };
  const auto moved_only = [held = std::make_unique<int>(1)](nn::Scope&, Value in) { return held ? in : Value{}; };
  static_assert(nn::LayerFunction<decltype(layer)> && std::is_constructible_v<nn::Layer, decltype(layer)>);
  static_assert(!nn::LayerFunction<decltype(no_value)> && !nn::LayerFunction<decltype(other_operands)>);
  static_assert(!nn::LayerFunction<decltype(moved_only)>);
  const auto loss = [](Graph&, const nn::Output& out, Value) { return out.logits; };
  static_assert(nn::LossFunction<decltype(loss)> && !nn::LossFunction<decltype(layer)>);
}

}  // namespace
}  // namespace hillock
