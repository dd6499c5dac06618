// cast on the CPU: one loop for each pair of types.
#include "ops/cast/cast.h"
#include "ops/cast/convert.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

constexpr std::int64_t kElementsPerTile = 16384;

template <class From, class To>
void run(const KernelCall& call, TileRange tiles) {
  const From* in = static_cast<const From*>(call.in[0]);
  To* out = static_cast<To*>(call.out[0]);
  const std::int64_t end = std::min(tiles.end * kElementsPerTile, call.parameters[0]);
  for (std::int64_t k = tiles.begin * kElementsPerTile; k < end; ++k) out[k] = convert_element<To>(in[k]);
}

}  // namespace

KernelPlan plan_cast(const OpSignature& signature) {
  const DType to = dtype_from_code("cast", signature.attributes.integer("dtype"));
  KernelPlan plan;
  plan.name = "cast";
  plan.run = visit_dtype(signature.in[0].dtype, [&]<class From>(From) {
    return visit_dtype(to, []<class To>(To) { return &run<From, To>; });
  });
  plan.parameters[0] = signature.in[0].elements();
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[0], kElementsPerTile), 1);
  plan.reason = {"{} elements: one loop", {plan.parameters[0]}};
  return plan;
}

}  // namespace hillock
