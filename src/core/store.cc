// The store of named state.
#include "hillock/store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "hillock/error.h"

namespace hillock {

void Store::put(const std::string& name, const Tensor& tensor) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    entries_.emplace(name, tensor);
    return;
  }
  if (found->second.type() != tensor.type()) {
    throw Error(fmt::format("store: \"{}\" is {} and cannot take a {}; use one type for one name", name,
                            found->second.type().to_string(), tensor.type().to_string()));
  }
  // In place, so that sessions' pointers stay valid.
  if (tensor.bytes() > 0) std::memcpy(found->second.raw(), tensor.raw(), tensor.bytes());
}

Tensor& Store::get(std::string_view name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    throw Error(fmt::format("store: there is no \"{}\"; it has {}", name, fmt::join(names(), ", ")));
  }
  return found->second;
}

const Tensor& Store::get(std::string_view name) const { return const_cast<Store*>(this)->get(name); }

std::vector<std::string> Store::names() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : entries_) names.push_back(name);
  return names;
}

}  // namespace hillock
