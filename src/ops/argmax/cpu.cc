// argmax on the CPU: the definition, divided into tiles of output elements. It is used to count accuracy, for which
// scalar code is fast enough.
#include "ops/argmax/argmax.h"
#include "ops/argmax/first_maximum.h"
#include "ops/reduction_rule.h"

namespace hillock {
namespace {

enum : std::size_t { kElements, kReduced, kInner, kElementsPerTile };

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const T* in = static_cast<const T*>(call.in[0]);              // [outer, reduced, inner]
  std::int32_t* out = static_cast<std::int32_t*>(call.out[0]);  // [outer, inner]
  const std::int64_t end = std::min(tiles.end * p[kElementsPerTile], p[kElements]);
  for (std::int64_t index = tiles.begin * p[kElementsPerTile]; index < end; ++index) {
    const T* first = in + index / p[kInner] * p[kReduced] * p[kInner] + index % p[kInner];
    out[index] = first_maximum(first, p[kReduced], p[kInner]);
  }
}

}  // namespace

KernelPlan plan_argmax(const OpSignature& signature) {
  constexpr std::int64_t kTileElements = 8192;
  const ReducedShape shape =
      split_at_axes(signature.in[0].shape, static_cast<int>(signature.attributes.integer("axis")), 1);
  KernelPlan plan;
  plan.name = "argmax";
  plan.run = signature.in[0].dtype == DType::f64 ? &run<double> : &run<float>;
  plan.parameters[kElements] = shape.outer * shape.inner;
  plan.parameters[kReduced] = shape.reduced;
  plan.parameters[kInner] = shape.inner;
  plan.parameters[kElementsPerTile] = std::max<std::int64_t>(kTileElements / shape.reduced, 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kElements], plan.parameters[kElementsPerTile]), 1);
  plan.reason = {"{} elements for each result: one loop", {shape.reduced}};
  return plan;
}

}  // namespace hillock
