// Sorts rows by score, for metrics that count pairs of rows, such as the area under the curve.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace hillock {

// The indices of the scores in ascending order; equal scores keep their order. No score may be NaN. This is a radix
// sort with digits of 11 bits: a comparison sort took a tenth of the time of a training job on a million rows.
inline std::vector<std::uint32_t> ascending_order(const std::vector<double>& scores) {
  constexpr int kBits = 11, kDigits = 6;  // enough for 64 bits
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63, kMask = (1u << kBits) - 1;
  std::vector<std::uint64_t> keys(scores.size());
  std::array<std::array<std::uint32_t, std::size_t{1} << kBits>, kDigits> counts{};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto bits = std::bit_cast<std::uint64_t>(scores[i] + 0.0);  // adding 0.0 turns -0 into +0
    keys[i] = (bits & kSign) != 0 ? ~bits : bits | kSign;             // as integers in the order of the numbers
    for (std::size_t digit = 0; digit < kDigits; ++digit) ++counts[digit][(keys[i] >> (kBits * digit)) & kMask];
  }
  std::vector<std::uint32_t> order(scores.size()), next(scores.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  for (std::size_t digit = 0; digit < kDigits && !scores.empty(); ++digit) {
    auto& places = counts[digit];
    if (places[(keys[0] >> (kBits * digit)) & kMask] == scores.size()) continue;  // this digit is the same in all keys
    std::uint32_t place = 0;
    for (std::uint32_t& count : places) place += std::exchange(count, place);
    for (const std::uint32_t row : order) next[places[(keys[row] >> (kBits * digit)) & kMask]++] = row;
    order.swap(next);
  }
  return order;
}

}  // namespace hillock
