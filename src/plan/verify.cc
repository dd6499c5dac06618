// The draft verifier walks over the steps and records for every byte of the arena and of every state which storage
// wrote it last.
#include "plan/verify.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

namespace hillock {
namespace {

// The owner of each range of bytes: disjoint ranges [begin, end) with their storage.
class Ownership {
 public:
  void write(std::size_t begin, std::size_t end, StorageId owner) {
    if (begin == end) return;
    split(begin);
    split(end);
    owners_.erase(owners_.lower_bound(begin), owners_.lower_bound(end));
    owners_[begin] = {end, owner};
  }
  // Whether every byte of [begin, end) was last written by a storage that `accepts`.
  template <class Accepts>
  bool owned(std::size_t begin, std::size_t end, Accepts accepts) const {
    std::size_t at = begin;
    auto stretch = owners_.upper_bound(begin);
    if (stretch != owners_.begin()) --stretch;
    for (; at < end && stretch != owners_.end() && stretch->first <= at; ++stretch) {
      if (stretch->second.first <= at) continue;
      if (!accepts(stretch->second.second)) return false;
      at = stretch->second.first;
    }
    return at >= end;
  }

 private:
  void split(std::size_t at) {
    auto stretch = owners_.lower_bound(at);
    if (stretch == owners_.begin()) return;
    --stretch;
    if (stretch->second.first <= at) return;
    owners_[at] = stretch->second;
    stretch->second.first = at;
  }
  std::map<std::size_t, std::pair<std::size_t, StorageId>> owners_;
};

struct Place {
  Location::Kind kind;
  std::int32_t index;
  std::size_t begin, end;
};

Place place_of(const Draft& draft, StorageId id) {
  const Storage* storage = &draft.storages[static_cast<std::size_t>(id)];
  const std::size_t bytes = storage->type.bytes();
  std::size_t offset = 0;
  while (storage->parent >= 0) {
    offset += storage->parent_offset;
    storage = &draft.storages[static_cast<std::size_t>(storage->parent)];
  }
  if (storage->kind == Location::Kind::arena) offset += storage->arena_offset;
  return {storage->kind, storage->index, offset, offset + bytes};
}

}  // namespace

void verify(const Draft& draft) {
  std::map<std::pair<Location::Kind, std::int32_t>, Ownership> memory;
  for (std::size_t id = 0; id < draft.storages.size(); ++id) {
    const Storage& storage = draft.storages[id];
    if (storage.kind == Location::Kind::arena) continue;
    memory[{storage.kind, storage.index}].write(0, storage.type.bytes(), static_cast<StorageId>(id));
  }
  auto check_read = [&](StorageId id, const std::string& reader) {
    const Place place = place_of(draft, id);
    const bool whole = draft.storages[static_cast<std::size_t>(id)].is_concatenation;
    const bool valid = memory[{place.kind, place.index}].owned(place.begin, place.end, [&](StorageId owner) {
      return owner == id || (whole && draft.storages[static_cast<std::size_t>(owner)].parent == id);
    });
    if (!valid) throw std::logic_error(fmt::format("verify plan: {} reads storage {} which is not there", reader, id));
  };
  const auto run = [&](std::size_t begin) {
    for (std::size_t s = begin; s < draft.steps.size(); ++s) {
      for (const Access& access : draft.steps[s].in) check_read(access.storage, fmt::format("step {}", s));
      for (StorageId out : draft.steps[s].out) {
        const Place place = place_of(draft, out);
        memory[{place.kind, place.index}].write(place.begin, place.end, out);
      }
    }
  };
  run(0);
  if (draft.prologue_steps > 0) run(draft.prologue_steps);  // the next run, in which what they wrote is still needed
  for (const Access& access : draft.outputs) check_read(access.storage, "the caller");
}

}  // namespace hillock
