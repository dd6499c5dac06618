// random_uniform {"shape", "dtype", "stream"}: uniform values in [0, 1) by counter, from position i64[3] = {seed, step,
// global row of the first row}. Not differentiable: its operand is an integer. R positions side by side, i64[3, R],
// give a result with a last axis of R, each index with the values for its own position.
//
// The shape is viewed as [rows, columns], where rows is its first axis. The value at (row, column) is word column % 4
// of Philox at the counter {column / 4, global row in two words, low word of step}. The key is mixed from seed and
// stream, combined with the high word of step. A value therefore depends neither on the batch that contains its row nor
// on other draws.
#include "ops/random_uniform/random_uniform.h"

#include <array>

#include "ops/random_uniform/draw.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("random_uniform", signature, 1);
  const TensorType& position = signature.in[0];
  const DType dtype = dtype_from_code("random_uniform", signature.attributes.integer("dtype"));
  signature.attributes.integer("stream");
  const int rank = position.shape.rank();
  if (position.dtype != DType::i64 || rank < 1 || rank > 2 || position.shape[0] != 3) {
    throw Error(
        fmt::format("random_uniform: the position is {}; give i64[3]: seed, step, first row", position.to_string()));
  }
  if (!is_float(dtype)) throw Error(fmt::format("random_uniform: values of {}; ask for f32 or f64", name_of(dtype)));
  const Shape shape(signature.attributes.integers("shape"));
  if (extent_of(shape, 1, shape.rank()) > std::int64_t{1} << 34) {
    throw Error(fmt::format("random_uniform: {} has more than 2^34 values a row; split the row", shape.to_string()));
  }
  return {{dtype, rank == 1 ? shape : with_replicas(shape, position.shape[1]), {}}};
}

void reference(const ReferenceCall& call) {
  const TensorType& position = call.signature.in[0];
  const Shape shape(call.signature.attributes.integers("shape"));
  const std::int64_t rows = extent_of(shape, 0, std::min(shape.rank(), 1));
  const std::int64_t columns = extent_of(shape, 1, shape.rank());
  const std::int64_t lanes = position.shape.rank() == 1 ? 1 : position.shape[1];
  const auto* positions = static_cast<const std::int64_t*>(call.in[0]);
  visit_float(call.signature.out[0].dtype, [&]<class T>(T) {
    T* out = static_cast<T*>(call.out[0]);  // [rows, columns, lanes]
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      const std::array<std::int64_t, 3> of_lane{positions[lane], positions[lanes + lane], positions[2 * lanes + lane]};
      const DrawPosition draw = draw_position(of_lane.data(), call.signature.attributes.integer("stream"));
      for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t column = 0; column < columns; ++column) {
          const PhiloxBlock block = draw_block(draw, row, column / 4);
          out[(row * columns + column) * lanes + lane] = unit_interval<T>(block[static_cast<std::size_t>(column % 4)]);
        }
      }
    }
  });
}

constexpr Op kRandomUniform{.name = "random_uniform",
                            .summary = "uniform values in [0, 1) by counter",
                            .infer = &infer,
                            .gradient = nullptr,
                            .reference = &reference,
                            .kernel = &plan_random_uniform,
                            .replicate = &replicate_as_it_is<&random_uniform_op>};

}  // namespace

const Op& random_uniform_op() { return kRandomUniform; }

}  // namespace hillock
