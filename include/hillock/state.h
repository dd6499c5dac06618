// State: whatever lasts from step to step, each block of it under a name and in one of four roles.
//
// The entries of one role and type lie one after another in one block: so one pass updates them, one message reduces
// them, one write saves them. A Store owns the blocks; their addresses stay the same until the store is assigned to or
// destroyed. Plans that share a store see each other's updates. Not synchronized: one session writes at a time, and
// none reads meanwhile.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

enum class StateRole : std::uint8_t {
  parameter,  // learnt by its gradient
  slot,       // the optimizer's, one number for each parameter: "adam.m"
  statistic,  // learnt otherwise: a running mean, a fitted scale; changes once a step however often a plan is evaluated
  cursor,     // where a training run stands
};
std::string_view name_of(StateRole role);

// One tensor of the state and where it lies.
struct StateEntry {
  std::string name;  // "dense1.weight"
  StateRole role = StateRole::parameter;
  TensorType type;
  std::string block;        // in the store
  std::int64_t offset = 0;  // elements from the block's start
};

class Store {
 public:
  // Adds a block, or replaces the elements of one of the same type and role. Throws Error if the name is known with
  // another type or role.
  void put(const std::string& name, const Tensor& tensor, StateRole role = StateRole::parameter);
  // Throws Error (with the known names) if there is no such block.
  Tensor& get(std::string_view name);
  const Tensor& get(std::string_view name) const;
  StateRole role(std::string_view name) const;
  bool has(std::string_view name) const;
  std::vector<std::string> names() const;
  std::vector<std::string> names(std::initializer_list<StateRole> roles) const;

 private:
  struct Block {
    StateRole role;
    Tensor tensor;
  };
  const Block& find(std::string_view name) const;
  std::map<std::string, Block, std::less<>> blocks_;
};

// A copy of the whole state of something that can go on from it (TrainingRun): everything has a name, a role and a
// type, so that it can be kept in a file.
struct Snapshot {
  Store blocks;
  std::vector<StateEntry> entries;  // what lies in the blocks
  std::string explanation;          // of a training that ended because something was not finite

  // Adds a block that is one entry.
  void put(const std::string& name, const Tensor& tensor, StateRole role);
  // Throw Error if there is none of this name, or if it has another type.
  const StateEntry& entry(std::string_view name) const;
  const Tensor& block(const std::string& name, const TensorType& type) const;
};

// What a network has learnt: the roles that its copies, its best weights and its file consist of.
inline constexpr std::initializer_list<StateRole> kLearnt{StateRole::parameter, StateRole::statistic};

// The blocks of these roles, in the order of their names; valid as long as the store.
std::vector<Tensor*> blocks_of(Store& store, std::initializer_list<StateRole> roles);
// Whether every number in them is finite.
bool is_finite(const Store& store, std::initializer_list<StateRole> roles);
// Puts every block of these roles into `to`. Throws Error as Store::put does.
void copy_state(const Store& from, Store& to, std::initializer_list<StateRole> roles);

// The values of one entry, and back. Throws Error if the store has no such block; what is written is converted to the
// entry's element type and must have its shape.
Tensor read_entry(const Store& store, const StateEntry& entry);
void write_entry(Store& store, const StateEntry& entry, const Tensor& value);

}  // namespace hillock
