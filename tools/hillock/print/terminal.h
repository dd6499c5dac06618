// What stderr and stdout are connected to. Queried anew at every call, since a window may have changed its size.
#pragma once

#include <cstddef>
#include <cstdio>

namespace hillock::program {

// Whether the stream is a terminal that understands cursor movements.
bool is_terminal(std::FILE* stream);
// Whether it is such a terminal and its user did not ask for no color (https://no-color.org).
bool draws_color(std::FILE* stream);

struct TerminalSize {
  std::size_t columns = 80, rows = 24;
};
// The size of the terminal that `stream` is connected to; 80 × 24 if it is unknown.
TerminalSize terminal_size(std::FILE* stream);

}  // namespace hillock::program
