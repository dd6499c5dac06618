// Checks that what was read keeps the promises of the public headers.
#pragma once

#include <stdexcept>
#include <string>

#include "hillock/data.h"
#include "hillock/error.h"

namespace hillock::fuzz {

inline void require(bool holds, const std::string& promise) {
  if (!holds) throw std::logic_error("broken promise: " + promise);
}

// A message for users must be one line without control characters, which a terminal would obey.
void require_message(const std::string& message);

// Checks every invariant that data.h states for a Dataset read with these options.
void require_dataset(const Dataset& data, const ReadOptions& options);
void require_loaded(const LoadedData& loaded, const ReadOptions& options);

// Returns false if `read` refuses as error.h promises.
template <class Read>
bool accepts(Read read) {
  try {
    read();
  } catch (const Error& error) {
    require_message(error.what());
    return false;
  }
  return true;
}

}  // namespace hillock::fuzz
