// State: everything that persists from step to step, as named blocks, each with one of four roles.
//
// All entries of one role and type are contiguous in one block, so that one pass updates them, one message reduces them
// and one write saves them. A Store owns the blocks, whose addresses do not change until the store is assigned to or
// destroyed. Plans that share a store see each other's updates. A store is not synchronized: while one session writes,
// no other may read or write.
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
  parameter,  // learned by gradient descent
  slot,       // the optimizer's state, one number for each parameter: "adam.m"
  statistic,  // learned otherwise: a running mean, a fitted scale; changes once per step, however often a plan runs
  cursor,     // the position of a training run
};
std::string_view name_of(StateRole role);

// One tensor of the state and its place in a store.
struct StateEntry {
  std::string name;  // "dense1.weight"
  StateRole role = StateRole::parameter;
  TensorType type;
  std::string block;        // the name of its block in the store
  std::int64_t offset = 0;  // in elements, from the start of the block
};

class Store {
 public:
  // Adds a block, or replaces the elements of a block of the same type and role. Throws Error if the name is in use
  // with another type or role.
  void put(const std::string& name, const Tensor& tensor, StateRole role = StateRole::parameter);
  // Throws Error, which lists the known names, if there is no such block.
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

// A copy of the complete state of something that can be resumed (TrainingRun). Everything in it has a name, a role and
// a type, so it can be stored in a file.
struct Snapshot {
  Store blocks;
  std::vector<StateEntry> entries;  // the entries of the blocks
  std::string explanation;          // TrainResult::explanation

  // Adds a block that consists of one entry.
  void put(const std::string& name, const Tensor& tensor, StateRole role);
  // Throw Error if there is no entry or block of this name, or if the block has another type.
  const StateEntry& entry(std::string_view name) const;
  const Tensor& block(const std::string& name, const TensorType& type) const;
};

// The roles of what a network has learned: its copies, its best weights and its file consist of these.
inline constexpr std::initializer_list<StateRole> kLearnt{StateRole::parameter, StateRole::statistic};

// The blocks of these roles in the order of their names. The pointers are valid as long as the store.
std::vector<Tensor*> blocks_of(Store& store, std::initializer_list<StateRole> roles);
// Whether every number in the blocks of these roles is finite.
bool is_finite(const Store& store, std::initializer_list<StateRole> roles);
// Puts every block of these roles into `to`. Throws Error as Store::put does.
void copy_state(const Store& from, Store& to, std::initializer_list<StateRole> roles);

// Read and write one entry. Throw Error if the store has no such block. A written value must have the entry's shape and
// is converted to its dtype.
Tensor read_entry(const Store& store, const StateEntry& entry);
void write_entry(Store& store, const StateEntry& entry, const Tensor& value);

}  // namespace hillock
