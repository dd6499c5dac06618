// The state of a training run: parameters, optimizer slots, running statistics, by name.
//
// A Store owns its tensors; their addresses stay the same until the store is assigned to or destroyed. Plans that share
// a store see each other's updates. Not synchronized: one session writes at a time, and none reads meanwhile.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

class Store {
 public:
  // Adds an entry, or replaces the elements of one of the same type. Throws Error if the name is known with another
  // type.
  void put(const std::string& name, const Tensor& tensor);
  // Throws Error (with the known names) if there is no such entry.
  Tensor& get(std::string_view name);
  const Tensor& get(std::string_view name) const;
  bool has(std::string_view name) const { return entries_.contains(name); }
  std::vector<std::string> names() const;

 private:
  std::map<std::string, Tensor, std::less<>> entries_;
};

}  // namespace hillock
