// The scalars of a run. One description of them serves both to write and to read a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/state.h"

namespace hillock {

// When writing, field() adds the scalar to the cursor blocks; when reading, it sets the scalar to what they hold.
// Reading throws Error if the snapshot does not have the scalar.
class Cursor {
 public:
  Cursor() = default;                                      // for writing
  explicit Cursor(const Snapshot& from) : from_(&from) {}  // for reading
  bool reads() const { return from_ != nullptr; }

  void field(const std::string& name, std::int64_t& value);
  void field(const std::string& name, double& value);
  void field(const std::string& name, bool& value);
  void field(const std::string& name, std::optional<double>& value);

  // Adds the blocks that were written, and an entry for each scalar.
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
