// Writes without exceptions, and checks the state of stdout.
#include "print/output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "hillock/text.h"

namespace hillock::program {

void write_to(std::FILE* stream, std::string_view text) { (void)std::fwrite(text.data(), 1, text.size(), stream); }

void print_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) print_to(stderr, "note: {}\n", printable(note));
}

std::string to_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void print_json(std::string_view json) { print_to(stdout, "{}\n", printable_json(json)); }

void open_missing_streams() {
  // open() returns the lowest free number. Reading from this stdout fails, and so does writing to this stdin.
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
    if (::fcntl(number, F_GETFD) != -1) continue;
    if (::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

bool everything_was_written() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

bool reader_is_gone() {
  pollfd stream{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&stream, 1, 0) == 1 && (stream.revents & POLLERR) != 0;
}

}  // namespace hillock::program
