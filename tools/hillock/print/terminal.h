// What stderr and stdout are connected to, asked anew at every call: a window may have changed its size.
#pragma once

#include <cstddef>
#include <cstdio>

namespace hillock::program {

// One that understands cursor movements.
bool is_terminal(std::FILE* stream);
// Such a terminal, whose user did not ask for none (https://no-color.org).
bool draws_color(std::FILE* stream);

struct TerminalSize {
  std::size_t columns = 80, rows = 24;
};
// Of the terminal that `stream` is connected to; 80 × 24 where nothing is known.
TerminalSize terminal_size(std::FILE* stream);

}  // namespace hillock::program
