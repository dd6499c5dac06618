// to_index on the CPU: one loop.
#include "ops/to_index/to_index.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

constexpr std::int64_t kElementsPerTile = 16384;

enum : std::size_t { kElements, kRows };

template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const T* in = static_cast<const T*>(call.in[0]);
  auto* out = static_cast<std::int32_t*>(call.out[0]);
  const auto rows = static_cast<std::int32_t>(call.parameters[kRows]);
  const std::int64_t end = std::min(tiles.end * kElementsPerTile, call.parameters[kElements]);
  for (std::int64_t k = tiles.begin * kElementsPerTile; k < end; ++k) out[k] = index_from(in[k], rows);
}

}  // namespace

KernelPlan plan_to_index(const OpSignature& signature) {
  KernelPlan plan;
  plan.name = "to_index";
  plan.run = signature.in[0].dtype == DType::f64 ? &run<double> : &run<float>;
  plan.parameters[kElements] = signature.in[0].elements();
  plan.parameters[kRows] = signature.attributes.integer("rows");
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kElements], kElementsPerTile), 1);
  plan.reason = {"{} elements: one loop", {plan.parameters[kElements]}};
  return plan;
}

}  // namespace hillock
