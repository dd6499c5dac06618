// Streams of random numbers from Philox: uniform, normal, and integers below a bound.
#include "core/random.h"

#include <cmath>

#include "core/math.h"

namespace hillock {

std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (char character : name) hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3u;
  return hash;
}

// Words 0 and 1 of the Philox counter count blocks, words 2 and 3 are the stream's own counter.
PhiloxStream::PhiloxStream(std::uint64_t seed, std::string_view name, std::uint64_t counter) {
  const std::uint64_t mixed = splitmix64(seed ^ splitmix64(hash_name(name)));
  key_ = {static_cast<std::uint32_t>(mixed), static_cast<std::uint32_t>(mixed >> 32)};
  counter_ = {0, 0, static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32)};
}

std::uint32_t PhiloxStream::next_word() {
  if (used_ == block_.size()) {
    block_ = philox(counter_, key_);
    used_ = 0;
    if (++counter_[0] == 0) ++counter_[1];
  }
  return block_[used_++];
}

std::uint64_t PhiloxStream::next_bits() {
  const std::uint64_t low = next_word();
  return low | std::uint64_t{next_word()} << 32;
}

double PhiloxStream::uniform() { return static_cast<double>(next_bits() >> 11) * 0x1p-53; }

// Marsaglia & Bray's polar method (SIAM Review 6, 1964): a point (u, v) in the unit disc with squared radius s gives
// the two normals u f and v f, f = sqrt(-2 log s / s). It uses only the canonical log and correctly rounded operations.
double PhiloxStream::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double s = u * u + v * v;
    if (s >= 1 || s == 0) continue;
    const double factor = std::sqrt(-2 * math::log(s) / s);
    spare_normal_ = v * factor;
    has_spare_normal_ = true;
    return u * factor;
  }
}

// Numbers in the incomplete last multiple of `bound` are rejected and drawn again.
std::uint64_t PhiloxStream::below(std::uint64_t bound) {
  for (;;) {
    const std::uint64_t bits = next_bits();
    // This is nearly always the case: 2^64 modulo bound, which costs two more divisions, is less than bound.
    if (bits <= ~bound) return bits % bound;
    const std::uint64_t excess = (~std::uint64_t{0} % bound + 1) % bound;  // 2^64 modulo bound
    if (bits <= ~excess) return bits % bound;                              // ~excess = 2^64 - 1 - excess
  }
}

}  // namespace hillock
