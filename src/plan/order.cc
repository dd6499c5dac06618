// Orders the steps by Kahn's algorithm. Among the steps that are ready, those of the prologue go first, then those that
// overwrite no state, and of these the one that comes first in the graph, so that every state stays unchanged as long
// as possible.
#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "plan/draft.h"

namespace hillock {
namespace {

struct Dependencies {
  std::vector<std::vector<std::size_t>> producers;  // the steps that write a storage or a piece of it
  std::vector<std::vector<std::size_t>> followers;
  std::vector<std::size_t> waiting_for;
};

Dependencies collect(const Draft& draft) {
  const std::size_t count = draft.steps.size();
  std::vector<std::vector<std::size_t>> producers(draft.storages.size());
  for (std::size_t s = 0; s < count; ++s) {
    for (StorageId out : draft.steps[s].out) {
      const Storage& storage = draft.storages[static_cast<std::size_t>(out)];
      producers[static_cast<std::size_t>(out)].push_back(s);
      if (storage.parent >= 0 && draft.storages[static_cast<std::size_t>(storage.parent)].is_concatenation) {
        producers[static_cast<std::size_t>(storage.parent)].push_back(s);
      }
    }
  }
  Dependencies result{{}, std::vector<std::vector<std::size_t>>(count), std::vector<std::size_t>(count, 0)};
  auto add_edge = [&](std::size_t before, std::size_t after) {
    if (before == after) return;
    result.followers[before].push_back(after);
    ++result.waiting_for[after];
  };
  for (std::size_t s = 0; s < count; ++s) {
    for (const Access& access : draft.steps[s].in) {
      for (std::size_t before : producers[static_cast<std::size_t>(access.storage)]) add_edge(before, s);
    }
    for (std::size_t before : draft.steps[s].after) add_edge(before, s);
  }
  result.producers = std::move(producers);
  return result;
}

// Whether what the step reads are states, constant ones, and what other such steps have written.
bool follows_from_states(const Draft& draft, const Dependencies& dependencies, const DraftStep& step) {
  return draft.constant_states && std::ranges::all_of(step.in, [&](const Access& access) {
           const Storage& root = draft.storages[static_cast<std::size_t>(root_of(draft, access.storage))];
           if (root.kind != Location::Kind::arena) return root.kind == Location::Kind::state;
           return std::ranges::all_of(dependencies.producers[static_cast<std::size_t>(access.storage)],
                                      [&](std::size_t producer) { return draft.steps[producer].prologue; });
         });
}

bool goes_first(const DraftStep& a, const DraftStep& b) {
  if (a.prologue != b.prologue) return a.prologue;
  const bool a_writes = a.overwrites >= 0;
  const bool b_writes = b.overwrites >= 0;
  return a_writes != b_writes ? b_writes : a.order < b.order;
}

}  // namespace

void order_steps(Draft& draft) {
  Dependencies dependencies = collect(draft);
  std::vector<std::size_t> ready;
  const auto add_ready = [&](std::size_t s) {
    draft.steps[s].prologue = follows_from_states(draft, dependencies, draft.steps[s]);
    draft.prologue_steps += draft.steps[s].prologue ? 1 : 0;
    ready.push_back(s);
  };
  for (std::size_t s = 0; s < draft.steps.size(); ++s) {
    if (dependencies.waiting_for[s] == 0) add_ready(s);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < ready.size(); ++k) {
      if (goes_first(draft.steps[ready[k]], draft.steps[ready[best]])) best = k;
    }
    const std::size_t chosen = ready[best];
    ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(best));
    for (std::size_t follower : dependencies.followers[chosen]) {
      if (--dependencies.waiting_for[follower] == 0) add_ready(follower);
    }
    order.push_back(chosen);
  }
  std::vector<DraftStep> ordered;
  for (const std::size_t chosen : order) ordered.push_back(std::move(draft.steps[chosen]));
  if (ordered.size() != draft.steps.size())
    throw std::logic_error("order_steps: the steps depend on each other in a circle");
  for (DraftStep& step : ordered) step.after.clear();  // its indices refer to the old order
  draft.steps = std::move(ordered);
}

}  // namespace hillock
