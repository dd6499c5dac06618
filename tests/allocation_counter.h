// Counts what the program allocates from the heap while a counter exists: the proof that a run allocates nothing.
#pragma once

#include <cstdint>

namespace hillock {

// Counts calls of operator new, by every thread, from construction to destruction. One at a time.
class AllocationCounter {
 public:
  AllocationCounter();
  ~AllocationCounter();
  AllocationCounter(const AllocationCounter&) = delete;
  AllocationCounter& operator=(const AllocationCounter&) = delete;

  std::int64_t count() const;
};

}  // namespace hillock
