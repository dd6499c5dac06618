// Snapshots: entries by name, and the scalars of a run in their cursor blocks.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "hillock/error.h"
#include "hillock/state.h"
#include "state/blocks.h"
#include "state/cursor.h"

namespace hillock {

void Snapshot::put(const std::string& name, const Tensor& tensor, StateRole role) {
  blocks.put(name, tensor, role);
  entries.push_back({name, role, tensor.type(), name, 0});
}

const StateEntry& Snapshot::entry(std::string_view name) const {
  const auto found = std::ranges::find(entries, name, &StateEntry::name);
  if (found == entries.end())
    throw Error(fmt::format("snapshot: there is no \"{}\"; take it from a run of the same kind", name));
  return *found;
}

const Tensor& Snapshot::block(const std::string& name, const TensorType& type) const {
  if (!blocks.has(name))
    throw Error(fmt::format("snapshot: there is no \"{}\"; take it from a run of the same kind", name));
  const Tensor& held = blocks.get(name);
  if (held.type() == type) return held;
  throw Error(fmt::format("snapshot: \"{}\" is {} and the run has {}; take it from a run of the same network", name,
                          held.type().to_string(), type.to_string()));
}

template <class T>
void Cursor::exchange(const std::string& name, T& value, std::vector<T>& written, DType dtype) {
  const std::string full = "cursor." + name;
  if (reads()) {
    const Tensor held = read_entry(from_->blocks, from_->entry(full));
    value = held.values<T>()[0];
    return;
  }
  entries_.push_back({full, StateRole::cursor, {dtype, {}, {}}, cursor_block(dtype), std::ssize(written)});
  written.push_back(value);
}

void Cursor::field(const std::string& name, std::int64_t& value) { exchange(name, value, integers_, DType::i64); }
void Cursor::field(const std::string& name, double& value) { exchange(name, value, reals_, DType::f64); }

void Cursor::field(const std::string& name, bool& value) {
  std::int64_t number = value ? 1 : 0;
  field(name, number);
  value = number != 0;
}

void Cursor::field(const std::string& name, std::optional<double>& value) {
  bool there = value.has_value();
  double number = value.value_or(0);
  field(name + ".known", there);
  field(name, number);
  value = there ? std::optional(number) : std::nullopt;
}

void Cursor::put_into(Snapshot& snapshot) const {
  const auto put = [&]<class T>(const std::vector<T>& values, DType dtype) {
    const Tensor block = Tensor::from<T>({std::ssize(values)}, std::span<const T>(values));
    snapshot.blocks.put(cursor_block(dtype), block, StateRole::cursor);
  };
  put(integers_, DType::i64);
  put(reals_, DType::f64);
  snapshot.entries.insert(snapshot.entries.end(), entries_.begin(), entries_.end());
}

}  // namespace hillock
