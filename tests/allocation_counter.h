// Counts heap allocations while a counter exists, to prove that a run allocates nothing.
#pragma once

#include <cstdint>

namespace hillock {

// Counts the calls of operator new in all threads from construction to destruction. Only one counter may exist.
class AllocationCounter {
 public:
  AllocationCounter();
  ~AllocationCounter();
  AllocationCounter(const AllocationCounter&) = delete;
  AllocationCounter& operator=(const AllocationCounter&) = delete;

  std::int64_t count() const;
};

}  // namespace hillock
