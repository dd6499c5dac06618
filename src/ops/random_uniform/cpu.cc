// random_uniform on the CPU: whole blocks of four words, cut into tiles of rows.
#include "ops/random_uniform/draw.h"
#include "ops/random_uniform/random_uniform.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

enum : std::size_t { kRows, kColumns, kStream, kRowsPerTile };

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const DrawPosition position = draw_position(static_cast<const std::int64_t*>(call.in[0]), p[kStream]);
  const std::int64_t columns = p[kColumns];
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  for (std::int64_t row = tiles.begin * p[kRowsPerTile]; row < end; ++row) {
    T* out = static_cast<T*>(call.out[0]) + row * columns;
    for (std::int64_t column = 0; column < columns; column += 4) {
      const PhiloxBlock block = draw_block(position, row, column / 4);
      const std::int64_t count = std::min<std::int64_t>(4, columns - column);
      for (std::int64_t k = 0; k < count; ++k) out[column + k] = unit_interval<T>(block[static_cast<std::size_t>(k)]);
    }
  }
}

}  // namespace

KernelPlan plan_random_uniform(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 4096;
  const Shape shape(signature.attributes.integers("shape"));
  KernelPlan plan;
  plan.name = "random_uniform";
  plan.run =
      signature.attributes.integer("dtype") == static_cast<std::int64_t>(DType::f64) ? &run<double> : &run<float>;
  const std::int64_t columns = extent_of(shape, 1, shape.rank());
  plan.parameters[kRows] = columns == 0 ? 0 : extent_of(shape, 0, std::min(shape.rank(), 1));
  plan.parameters[kColumns] = columns;
  plan.parameters[kStream] = signature.attributes.integer("stream");
  plan.parameters[kRowsPerTile] = std::max<std::int64_t>(kElementsPerTile / std::max<std::int64_t>(columns, 1), 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kRows], plan.parameters[kRowsPerTile]), 1);
  return plan;
}

}  // namespace hillock
