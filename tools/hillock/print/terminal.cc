// Queries the terminal.
#include "print/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hillock::program {

bool is_terminal(std::FILE* stream) {
  const char* kind = std::getenv("TERM");
  return isatty(fileno(stream)) != 0 && (kind == nullptr || std::string_view(kind) != "dumb");
}

bool draws_color(std::FILE* stream) {
  const char* none = std::getenv("NO_COLOR");
  return is_terminal(stream) && (none == nullptr || *none == '\0');
}

TerminalSize terminal_size(std::FILE* stream) {
  TerminalSize size;
  winsize window{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &window) != 0) return size;
  if (window.ws_col > 0) size.columns = window.ws_col;
  if (window.ws_row > 0) size.rows = window.ws_row;
  return size;
}

}  // namespace hillock::program
