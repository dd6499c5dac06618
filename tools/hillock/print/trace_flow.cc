// Finds the layers that make and use each other's values.
#include "print/trace_flow.h"

#include <algorithm>

namespace hillock::program {

std::int64_t LayerFlow::maker(std::size_t k, std::size_t given) const {
  const std::vector<std::int64_t>& from = layers_[k].from;
  const std::int64_t known = given < from.size() ? from[given] : TracedLayer::kUnseen;
  return known == TracedLayer::kUnseen ? static_cast<std::int64_t>(k) - 1 : known;
}

std::vector<Consumer> LayerFlow::consumers(std::size_t k) const {
  std::vector<Consumer> result;
  for (std::size_t next = k + 1; next < layers_.size(); ++next) {
    for (std::size_t given = 0; given < std::max<std::size_t>(1, layers_[next].from.size()); ++given) {
      if (maker(next, given) == static_cast<std::int64_t>(k)) result.push_back({next, given});
    }
  }
  return result;
}

}  // namespace hillock::program
