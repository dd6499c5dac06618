// Combines the statistics of shards of the rows, by the rules of the statistics.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "hillock/error.h"
#include "hillock/network.h"
#include "state/blocks.h"

namespace hillock {
namespace {

// The halves of the shards are combined first, then the two results.
double combined(nn::Combine rule, std::span<const double> values) {
  if (values.size() == 1) return values[0];
  const std::size_t half = (values.size() + 1) / 2;
  const double x = combined(rule, values.first(half)), y = combined(rule, values.subspan(half));
  if (rule == nn::Combine::min) return std::min(x, y);
  if (rule == nn::Combine::max) return std::max(x, y);
  return x + y;
}

double combined(nn::Combine rule, std::vector<double> values, std::span<const double> weights) {
  if (rule == nn::Combine::mean) return combined(rule, values) / static_cast<double>(values.size());
  if (rule != nn::Combine::weighted_mean) return combined(rule, values);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] *= weights[k];
  return combined(rule, values) / combined(rule, weights);
}

}  // namespace

void Network::combine_statistics(std::span<const Store> shards, std::span<const double> weights) {
  if (shards.empty() || shards.size() != weights.size() ||
      !std::ranges::all_of(weights, [](double weight) { return weight > 0; })) {
    throw Error(fmt::format("network: {} shards with {} weights; give each shard a weight above 0", shards.size(),
                            weights.size()));
  }
  for (const nn::StatisticSpec& spec : layout_.statistics) {
    const std::string name = statistic_block(spec.type.dtype);
    Tensor& block = store_->get(name);
    for (const Store& shard : shards) {
      if (shard.get(name).type() == block.type()) continue;
      throw Error(fmt::format("network: a shard's block \"{}\" is {} and the network's {}; give shards of its copies",
                              name, shard.get(name).type().to_string(), block.type().to_string()));
    }
    for (std::int64_t i = spec.offset; i < spec.offset + spec.type.elements(); ++i) {
      std::vector<double> values;
      for (const Store& shard : shards) values.push_back(shard.get(name).at(i));
      block.set(i, combined(spec.combine, std::move(values), weights));
    }
  }
}

}  // namespace hillock
