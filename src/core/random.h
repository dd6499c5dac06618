// Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2,
// 3", SC 2011). A number depends only on its key and its counter, and not on earlier draws or the machine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace hillock {

using PhiloxBlock = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// The constants of the paper: two multipliers, and the increments of the key in every round (the golden ratio and
// sqrt(3) - 1).
inline constexpr std::uint32_t kPhiloxMultiplier0 = 0xD2511F53u;
inline constexpr std::uint32_t kPhiloxMultiplier1 = 0xCD9E8D57u;
inline constexpr std::uint32_t kPhiloxKeyStep0 = 0x9E3779B9u;
inline constexpr std::uint32_t kPhiloxKeyStep1 = 0xBB67AE85u;
inline constexpr int kPhiloxRounds = 10;

// Ten rounds of multiplication, exclusive or and exchange turn each counter into four random words.
inline PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kPhiloxMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kPhiloxMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += kPhiloxKeyStep0;
    key[1] += kPhiloxKeyStep1;
  }
  return counter;
}

// One step of splitmix64 (Steele, Lea & Flood, OOPSLA 2014): a bijection that mixes all bits.
inline std::uint64_t splitmix64(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// FNV-1a of the bytes of a name.
std::uint64_t hash_name(std::string_view name);

// Random numbers for the purpose `name`, the same for the same (seed, name, counter) on every machine: initial weights
// (counter 0), the order of rows in an epoch (counter = epoch). Not thread-safe. Copies continue independently.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, std::string_view name, std::uint64_t counter = 0);

  std::uint32_t next_word();
  std::uint64_t next_bits();  // 64 random bits
  double uniform();           // [0, 1), a multiple of 2^-53
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double normal();                           // mean 0, variance 1
  std::uint64_t below(std::uint64_t bound);  // [0, bound) without bias; bound >= 1

 private:
  PhiloxKey key_;
  PhiloxBlock counter_;
  PhiloxBlock block_{};
  std::size_t used_ = 4;  // of the words of block_
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

// Fisher-Yates: every order is equally likely.
template <class T>
void shuffle(std::span<T> items, PhiloxStream& stream) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[static_cast<std::size_t>(stream.below(left))]);
  }
}

}  // namespace hillock
