// Assigns offsets in the arena, after lower.cc has decided which buffers lie in inputs, in states and in
// concatenations. A lifetime is an interval of steps; buffers whose lifetimes overlap get
// disjoint bytes of one arena. Optimal packing is NP-hard, so several greedy orders are tried and the smallest arena is
// kept.
#include <algorithm>
#include <limits>
#include <numeric>

#include "plan/draft.h"

namespace hillock {
namespace {

constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

struct Lifetime {
  std::size_t first = std::numeric_limits<std::size_t>::max();
  std::size_t last = 0;
  bool used() const { return first <= last; }
  bool overlaps(const Lifetime& other) const { return first <= other.last && other.first <= last; }
  void include(std::size_t step) {
    first = std::min(first, step);
    last = std::max(last, step);
  }
};

// Indexed by root storage.
std::vector<Lifetime> lifetimes_of(const Draft& draft) {
  std::vector<Lifetime> lifetimes(draft.storages.size());
  for (std::size_t s = 0; s < draft.steps.size(); ++s) {
    for (const Access& access : draft.steps[s].in) {
      lifetimes[static_cast<std::size_t>(root_of(draft, access.storage))].include(s);
    }
    for (StorageId out : draft.steps[s].out) lifetimes[static_cast<std::size_t>(root_of(draft, out))].include(s);
  }
  // Outputs are read after the run, and what the prologue writes in every run.
  for (std::size_t id = 0; id < draft.storages.size(); ++id) {
    const bool lasts = draft.storages[id].is_output || lifetimes[id].first < draft.prologue_steps;
    if (lasts && draft.storages[id].parent < 0 && lifetimes[id].used()) lifetimes[id].last = draft.steps.size();
  }
  return lifetimes;
}

bool is_plain_arena(const Storage& storage) {
  return storage.kind == Location::Kind::arena && storage.parent < 0 && !storage.is_concatenation;
}

// Whether output `k` of `step` may take over the buffer of operand `i`, whose last reader is step number `s`.
bool may_take_over(const Draft& draft, const std::vector<Lifetime>& lifetimes, std::size_t s, std::size_t i,
                   std::size_t k) {
  const DraftStep& step = draft.steps[s];
  const Storage& operand = draft.storages[static_cast<std::size_t>(step.in[i].storage)];
  const Storage& output = draft.storages[static_cast<std::size_t>(step.out[k])];
  if (!is_plain_arena(operand) || !is_plain_arena(output) || operand.is_output) return false;
  if (operand.type.bytes() != output.type.bytes() || lifetimes[static_cast<std::size_t>(step.in[i].storage)].last != s)
    return false;
  for (std::size_t j = 0; j < step.in.size(); ++j) {
    if (step.in[j].storage != step.in[i].storage) continue;
    if (!step.in[j].covers(operand) || !may_overwrite(step.program, j, k)) return false;
  }
  return true;
}

void share_dying_operands(Draft& draft) {
  std::vector<Lifetime> lifetimes = lifetimes_of(draft);
  for (std::size_t s = 0; s < draft.steps.size(); ++s) {
    if (!draft.steps[s].is_program) continue;
    std::vector<StorageId> taken;
    for (std::size_t k = 0; k < draft.steps[s].out.size(); ++k) {
      for (std::size_t i = 0; i < draft.steps[s].in.size(); ++i) {
        const StorageId operand = draft.steps[s].in[i].storage;
        const StorageId output = draft.steps[s].out[k];
        if (std::ranges::find(taken, operand) != taken.end() || !may_take_over(draft, lifetimes, s, i, k)) continue;
        // The output becomes the operand's storage in every later step; the operand's lifetime is extended by the
        // output's.
        taken.push_back(operand);
        const bool is_output = draft.storages[static_cast<std::size_t>(output)].is_output;
        draft.storages[static_cast<std::size_t>(output)].parent = operand;
        draft.storages[static_cast<std::size_t>(operand)].is_output = is_output;
        lifetimes[static_cast<std::size_t>(operand)].last = lifetimes[static_cast<std::size_t>(output)].last;
        break;
      }
    }
  }
}

// Places the buffers in the given order, each at the lowest offset that is free during its lifetime.
std::size_t pack(Draft& draft, const std::vector<Lifetime>& lifetimes, const std::vector<std::size_t>& order) {
  std::size_t arena = 0;
  std::vector<std::size_t> placed;
  for (std::size_t id : order) {
    const std::size_t bytes = aligned(draft.storages[id].type.bytes());
    std::vector<std::pair<std::size_t, std::size_t>> taken;
    for (std::size_t other : placed) {
      if (!lifetimes[id].overlaps(lifetimes[other])) continue;
      const Storage& storage = draft.storages[other];
      taken.emplace_back(storage.arena_offset, storage.arena_offset + aligned(storage.type.bytes()));
    }
    std::ranges::sort(taken);
    std::size_t offset = 0;
    for (const auto& [begin, end] : taken) {
      if (begin >= offset + bytes) break;
      offset = std::max(offset, end);
    }
    draft.storages[id].arena_offset = offset;
    arena = std::max(arena, offset + bytes);
    placed.push_back(id);
  }
  return arena;
}

std::size_t peak_of(const Draft& draft, const std::vector<Lifetime>& lifetimes, const std::vector<std::size_t>& ids) {
  std::size_t peak = 0;
  for (std::size_t s = 0; s <= draft.steps.size(); ++s) {
    std::size_t live = 0;
    for (std::size_t id : ids) {
      if (lifetimes[id].first <= s && s <= lifetimes[id].last) live += draft.storages[id].type.bytes();
    }
    peak = std::max(peak, live);
  }
  return peak;
}

}  // namespace

ArenaSize place(Draft& draft) {
  share_dying_operands(draft);
  const std::vector<Lifetime> lifetimes = lifetimes_of(draft);
  std::vector<std::size_t> ids;
  for (std::size_t id = 0; id < draft.storages.size(); ++id) {
    const Storage& storage = draft.storages[id];
    if (storage.kind == Location::Kind::arena && storage.parent < 0 && lifetimes[id].used()) ids.push_back(id);
  }
  auto bytes = [&](std::size_t id) { return draft.storages[id].type.bytes(); };
  auto area = [&](std::size_t id) { return bytes(id) * (lifetimes[id].last - lifetimes[id].first + 1); };

  std::vector<std::vector<std::size_t>> orders(3, ids);
  std::ranges::stable_sort(orders[0], [&](std::size_t a, std::size_t b) { return bytes(a) > bytes(b); });
  std::ranges::stable_sort(orders[1], [&](std::size_t a, std::size_t b) { return area(a) > area(b); });
  std::ranges::stable_sort(orders[2],
                           [&](std::size_t a, std::size_t b) { return lifetimes[a].first < lifetimes[b].first; });
  const auto best = std::ranges::min_element(
      orders, {}, [&](const std::vector<std::size_t>& order) { return pack(draft, lifetimes, order); });
  const std::size_t arena = pack(draft, lifetimes, *best);
  return {.bytes = arena, .peak_live_bytes = peak_of(draft, lifetimes, ids)};
}

}  // namespace hillock
