// The one exception type Hillock throws for a mistake of the caller's: wrong shapes, bad files, malformed options.
//
// A message has the form `where: the fact, with the values; what to do`, fits on one line and carries no trailing
// newline. The library throws while describing, planning, binding or reading; it never prints, exits or aborts.
#pragma once

#include <stdexcept>
#include <string>

namespace hillock {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace hillock
