// The scalars of a run: one description of them writes a snapshot and reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/state.h"

namespace hillock {

// Each field() writes the scalar into the cursor blocks, or takes what they hold for it. Reading throws Error if the
// snapshot has no such scalar.
class Cursor {
 public:
  Cursor() = default;                                      // writes
  explicit Cursor(const Snapshot& from) : from_(&from) {}  // reads
  bool reads() const { return from_ != nullptr; }

  void field(const std::string& name, std::int64_t& value);
  void field(const std::string& name, double& value);
  void field(const std::string& name, bool& value);
  void field(const std::string& name, std::optional<double>& value);

  // Adds the blocks of what was written, and an entry for each scalar.
  void put_into(Snapshot& snapshot) const;

 private:
  template <class T>
  void exchange(const std::string& name, T& value, std::vector<T>& written, DType dtype);

  const Snapshot* from_ = nullptr;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<StateEntry> entries_;
};

}  // namespace hillock
