// Compares the matrix kernel with the definition bit for bit: shapes around every blocking, all transpositions, tiles
// in any order, unaligned operands, guarded results. Also checks what the type rule refuses.
#include "ops/matmul/matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/random.h"
#include "cpu/instruction_set.h"
#include "hillock/error.h"

namespace hillock {
namespace {

struct Workspace {
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  std::vector<Line> lines;
  explicit Workspace(std::size_t bytes) : lines(bytes / 64 + 1) { std::memset(data(), 0xff, lines.size() * 64); }
  std::byte* data() { return reinterpret_cast<std::byte*>(lines.data()); }
};

Attributes transpositions(bool a, bool b) {
  return {{"transpose_a", std::int64_t{a}}, {"transpose_b", std::int64_t{b}}};
}

// One product, with operands one element off alignment and a guard element at both ends of the result.
template <class T>
class Product {
 public:
  Product(std::int64_t m, std::int64_t k, std::int64_t n, bool transpose_a, bool transpose_b)
      : attributes_(transpositions(transpose_a, transpose_b)),
        in_{{DTypeOf<T>::value, transpose_a ? Shape{k, m} : Shape{m, k}, {}},
            {DTypeOf<T>::value, transpose_b ? Shape{n, k} : Shape{k, n}, {}}},
        a_(draw(m * k, 1)),
        b_(draw(k * n, 2)) {
    out_ = matmul_op().infer({in_, {}, attributes_});
  }

  std::vector<T> reference() const {
    std::vector<T> result = guarded();
    void* const out[] = {result.data() + 1};
    matmul_op().reference({signature(), in_pointers(), out});
    return result;
  }

  // `tile_order` turns the number of tiles into ranges of tiles.
  template <class TileOrder>
  std::vector<T> planned(TileOrder&& tile_order) const {
    const KernelPlan plan = plan_matmul(signature());
    std::vector<T> result = guarded();
    void* const out[] = {result.data() + 1};
    for (TileRange range : tile_order(plan.tiles)) {
      Workspace workspace(plan.workspace_bytes);
      plan.run({in_pointers().data(), out, plan.parameters.data(), workspace.data()}, range);
    }
    return result;
  }

  std::vector<T>& a() { return a_; }

 private:
  static constexpr T kGuard = T{1234567};

  static std::vector<T> draw(std::int64_t count, std::uint64_t counter) {
    PhiloxStream stream(3, "matmul", counter);
    std::vector<T> values(static_cast<std::size_t>(count) + 1);
    for (T& value : values) value = static_cast<T>(stream.normal());
    return values;
  }
  std::vector<T> guarded() const {
    std::vector<T> result(static_cast<std::size_t>(out_[0].elements()) + 2, std::numeric_limits<T>::quiet_NaN());
    result.front() = result.back() = kGuard;
    return result;
  }
  OpSignature signature() const { return {in_, out_, attributes_}; }
  std::array<const void*, 2> in_pointers() const { return {a_.data() + 1, b_.data() + 1}; }

  Attributes attributes_;
  std::vector<TensorType> in_;
  std::vector<TensorType> out_;
  std::vector<T> a_;
  std::vector<T> b_;
};

template <class T>
bool same_bits(const std::vector<T>& x, const std::vector<T>& y) {
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0;
}

std::vector<TileRange> all_at_once(std::int64_t tiles) { return {{0, tiles}}; }
std::vector<TileRange> one_by_one_backwards(std::int64_t tiles) {
  std::vector<TileRange> ranges;
  for (std::int64_t tile = tiles - 1; tile >= 0; --tile) ranges.push_back({tile, tile + 1});
  return ranges;
}
std::vector<TileRange> in_thirds(std::int64_t tiles) {
  return {{tiles - tiles / 3, tiles}, {0, tiles / 3}, {tiles / 3, tiles - tiles / 3}};
}

template <class T>
void expect_product(std::int64_t m, std::int64_t k, std::int64_t n) {
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      SCOPED_TRACE(testing::Message() << m << "x" << k << "x" << n << (transpose_a ? " A'" : " A")
                                      << (transpose_b ? " B'" : " B"));
      const Product<T> product(m, k, n, transpose_a, transpose_b);
      const std::vector<T> expected = product.reference();
      EXPECT_TRUE(same_bits(product.planned(all_at_once), expected));
      EXPECT_TRUE(same_bits(product.planned(one_by_one_backwards), expected));
      EXPECT_TRUE(same_bits(product.planned(in_thirds), expected));
    }
  }
}

template <class T, cpu::InstructionSet kTarget>
struct KernelsOf {
  using Float = T;
  static constexpr cpu::InstructionSet kChosen = kTarget;
};

template <class Kernels>
class MatmulKernel : public testing::Test {
 protected:
  void SetUp() override {
    const auto& supported = cpu::supported_instruction_sets();
    if (std::find(supported.begin(), supported.end(), Kernels::kChosen) == supported.end()) {
      GTEST_SKIP() << "this machine does not run " << cpu::name(Kernels::kChosen);
    }
    cpu::choose_instruction_set(Kernels::kChosen);
  }
  void TearDown() override { cpu::choose_instruction_set(before_); }

 private:
  const cpu::InstructionSet before_ = cpu::chosen_instruction_set();
};
using Kernels =
    testing::Types<KernelsOf<float, cpu::InstructionSet::baseline>, KernelsOf<double, cpu::InstructionSet::baseline>,
                   KernelsOf<float, cpu::InstructionSet::avx512>, KernelsOf<double, cpu::InstructionSet::avx512>,
                   KernelsOf<float, cpu::InstructionSet::narrow>, KernelsOf<double, cpu::InstructionSet::narrow>>;
TYPED_TEST_SUITE(MatmulKernel, Kernels);

TYPED_TEST(MatmulKernel, EqualsTheDefinitionForSmallProducts) {
  for (std::int64_t m : {1, 2, 5, 6, 7, 13}) {
    for (std::int64_t k : {1, 2, 3, 5, 8, 33}) {
      for (std::int64_t n : {1, 2, 3, 7, 8, 9, 16, 17, 33}) expect_product<typename TypeParam::Float>(m, k, n);
    }
  }
}

TYPED_TEST(MatmulKernel, EqualsTheDefinitionForManyTiles) {
  expect_product<typename TypeParam::Float>(193, 31, 130);
  expect_product<typename TypeParam::Float>(385, 7, 17);
  expect_product<typename TypeParam::Float>(97, 200, 531);
}

TYPED_TEST(MatmulKernel, RestartsTheChainWhereTheDefinitionDoes) {
  for (std::int64_t k : {255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2500}) {
    expect_product<typename TypeParam::Float>(7, k, 19);
    expect_product<typename TypeParam::Float>(1, k, 3);
    expect_product<typename TypeParam::Float>(13, k, 1);
  }
  expect_product<typename TypeParam::Float>(100, 2500, 131);
}

TYPED_TEST(MatmulKernel, OfNothing) {
  expect_product<typename TypeParam::Float>(0, 3, 4);
  expect_product<typename TypeParam::Float>(3, 4, 0);
  expect_product<typename TypeParam::Float>(3, 0, 4);
  expect_product<typename TypeParam::Float>(5, 0, 1);
  expect_product<typename TypeParam::Float>(0, 0, 0);
}

// NaN and infinity affect only their own row; the padding of panels has no effect.
TYPED_TEST(MatmulKernel, SpecialNumbersStayInTheirRow) {
  Product<typename TypeParam::Float> product(8, 5, 11, false, false);
  product.a()[1 + 3 * 5 + 2] = std::numeric_limits<typename TypeParam::Float>::infinity();
  product.a()[1 + 6 * 5 + 1] = std::numeric_limits<typename TypeParam::Float>::quiet_NaN();
  const std::vector<typename TypeParam::Float> result = product.planned(all_at_once);
  for (std::size_t row = 0; row < 8; ++row) {
    for (std::size_t column = 0; column < 11; ++column) {
      EXPECT_EQ(std::isfinite(result[1 + row * 11 + column]), row != 3 && row != 6) << row << ", " << column;
    }
  }
}

std::string refusal(const TensorType& a, const TensorType& b, bool transpose_a = false) {
  const std::vector<TensorType> in{a, b};
  try {
    matmul_op().infer({in, {}, transpositions(transpose_a, false)});
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(MatmulTypeRule, SaysWhatDoesNotFit) {
  const auto f32 = [](Shape shape) { return TensorType{DType::f32, shape, {}}; };
  EXPECT_EQ(refusal(f32({2, 3}), f32({3, 4})), "accepted");
  EXPECT_EQ(refusal(f32({3, 2}), f32({3, 4}), true), "accepted");
  EXPECT_EQ(refusal(f32({2, 3}), f32({4, 3})),
            "matmul: f32[2, 3] times f32[4, 3]: 3 columns meet 4 rows; they must be as many");
  EXPECT_EQ(refusal(f32({2, 3}), f32({3})),
            "matmul: f32[2, 3] times f32[3]; both must be matrices, so reshape() them to two axes");
  EXPECT_EQ(refusal(f32({2, 3}), {DType::f64, {3, 4}, {}}),
            "matmul: f32[2, 3] times f64[3, 4]; the operands must have one dtype, so cast() one of them");
}

}  // namespace
}  // namespace hillock
