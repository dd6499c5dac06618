// one_hot on the CPU: rows of zeros, then the ones.
#include "ops/one_hot/one_hot.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

enum : std::size_t { kRows, kDepth, kRowsPerTile };

template <class Index, class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  const Index* indices = static_cast<const Index*>(call.in[0]);
  T* out = static_cast<T*>(call.out[0]);  // [rows, depth]
  const std::int64_t begin = tiles.begin * p[kRowsPerTile];
  const std::int64_t end = std::min(tiles.end * p[kRowsPerTile], p[kRows]);
  if (begin >= end) return;
  std::fill(out + begin * p[kDepth], out + end * p[kDepth], T{0});
  for (std::int64_t row = begin; row < end; ++row) out[row * p[kDepth] + indices[row]] = T{1};
}

}  // namespace

KernelPlan plan_one_hot(const OpSignature& signature) {
  constexpr std::int64_t kElementsPerTile = 16384;
  const std::int64_t depth = signature.attributes.integer("depth");
  const bool is_f64 = signature.attributes.integer("dtype") == static_cast<std::int64_t>(DType::f64);
  KernelPlan plan;
  plan.name = "one_hot";
  plan.run = visit_index(signature.in[0].dtype,
                         [&]<class Index>(Index) { return is_f64 ? &run<Index, double> : &run<Index, float>; });
  plan.parameters[kRows] = signature.in[0].elements();
  plan.parameters[kDepth] = depth;
  plan.parameters[kRowsPerTile] = std::max<std::int64_t>(kElementsPerTile / depth, 1);
  plan.tiles = std::max<std::int64_t>(ceil_div(plan.parameters[kRows], plan.parameters[kRowsPerTile]), 1);
  plan.reason = {"{} columns: zeros, then the one of each row", {depth}};
  return plan;
}

}  // namespace hillock
