// The store of named state, which maps an entry to its place in a block.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/finite.h"
#include "hillock/error.h"
#include "hillock/state.h"

namespace hillock {
namespace {

std::size_t first_byte(const StateEntry& entry) {
  return static_cast<std::size_t>(entry.offset) * size_in_bytes(entry.type.dtype);
}

}  // namespace

std::string_view name_of(StateRole role) {
  switch (role) {
    case StateRole::parameter: return "parameter";
    case StateRole::slot: return "slot";
    case StateRole::statistic: return "statistic";
    case StateRole::cursor: return "cursor";
  }
  return "?";
}

void Store::put(const std::string& name, const Tensor& tensor, StateRole role) {
  const auto found = blocks_.find(name);
  if (found == blocks_.end()) {
    blocks_.emplace(name, Block{role, tensor});
    return;
  }
  Block& block = found->second;
  if (block.tensor.type() != tensor.type()) {
    throw Error(fmt::format("store: \"{}\" is {} and cannot take a {}; use one type for one name", name,
                            block.tensor.type().to_string(), tensor.type().to_string()));
  }
  if (block.role != role) {
    throw Error(fmt::format("store: \"{}\" is a {} and cannot be a {}; use another name", name, name_of(block.role),
                            name_of(role)));
  }
  // Copied in place, so that pointers held by sessions stay valid.
  if (tensor.bytes() > 0) std::memcpy(block.tensor.raw(), tensor.raw(), tensor.bytes());
}

const Store::Block& Store::find(std::string_view name) const {
  const auto found = blocks_.find(name);
  if (found == blocks_.end()) {
    throw Error(fmt::format("store: there is no \"{}\"; it has {}", name, fmt::join(names(), ", ")));
  }
  return found->second;
}

const Tensor& Store::get(std::string_view name) const { return find(name).tensor; }
Tensor& Store::get(std::string_view name) { return const_cast<Tensor&>(std::as_const(*this).get(name)); }
bool Store::has(std::string_view name) const { return blocks_.contains(name); }
StateRole Store::role(std::string_view name) const { return find(name).role; }

std::vector<std::string> Store::names() const {
  std::vector<std::string> names;
  for (const auto& [name, block] : blocks_) names.push_back(name);
  return names;
}

std::vector<std::string> Store::names(std::initializer_list<StateRole> roles) const {
  std::vector<std::string> names;
  for (const auto& [name, block] : blocks_) {
    if (std::find(roles.begin(), roles.end(), block.role) != roles.end()) names.push_back(name);
  }
  return names;
}

std::vector<Tensor*> blocks_of(Store& store, std::initializer_list<StateRole> roles) {
  std::vector<Tensor*> blocks;
  for (const std::string& name : store.names(roles)) blocks.push_back(&store.get(name));
  return blocks;
}

bool is_finite(const Store& store, std::initializer_list<StateRole> roles) {
  return std::ranges::all_of(store.names(roles), [&](const std::string& name) { return all_finite(store.get(name)); });
}

void copy_state(const Store& from, Store& to, std::initializer_list<StateRole> roles) {
  for (const std::string& name : from.names(roles)) to.put(name, from.get(name), from.role(name));
}

Tensor read_entry(const Store& store, const StateEntry& entry) {
  Tensor value(entry.type);
  const auto* block = static_cast<const std::byte*>(store.get(entry.block).raw());
  if (value.bytes() > 0) std::memcpy(value.raw(), block + first_byte(entry), value.bytes());
  return value;
}

void write_entry(Store& store, const StateEntry& entry, const Tensor& value) {
  Tensor& block = store.get(entry.block);
  if (value.shape() != entry.type.shape) {
    throw Error(fmt::format("{} \"{}\" has the shape {}, got {}", name_of(entry.role), entry.name,
                            entry.type.shape.to_string(), value.shape().to_string()));
  }
  if (value.dtype() == entry.type.dtype) {
    if (value.bytes() > 0)
      std::memcpy(static_cast<std::byte*>(block.raw()) + first_byte(entry), value.raw(), value.bytes());
    return;
  }
  for (std::int64_t i = 0; i < value.elements(); ++i) block.set(entry.offset + i, value.at(i));
}

}  // namespace hillock
