// Runs the built program as a user would: arguments in, stdout, stderr and the exit code out. And directories to run it
// in.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/paths.h"

namespace hillock::testing {

inline std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

struct ProgramResult {
  int code = -1;  // 128 + the signal's number if a signal ended it
  std::string out;
  std::string err;
  std::int64_t peak_bytes = 0;  // at least what this process used when it started the program
};

struct ProgramOptions {
  std::filesystem::path directory{};  // the directory to run in
  std::string input{};                // less than a pipe's buffer
  std::string interrupt_after{};      // if not empty, signals are sent once stderr contains this
  std::vector<int> signals{SIGINT};   // sent one after another
  int ignored_signal = 0;             // ignored from the start, as by nohup
  bool hang_up = false;               // whether stderr is closed before the signals
  bool terminal = false;              // whether stderr is a terminal of 80 columns
  std::string tell_every = "3600";    // seconds of silence: a slow machine adds no lines to what is compared
  std::string program{};              // a path to run instead of hillock
  rlim_t file_bytes = RLIM_INFINITY;  // the largest file that it may write
};

namespace detail {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    read = ends[0];
    write = ends[1];
  }
  // The output to a terminal of this size.
  explicit Pipe(const winsize& size) {
    if (openpty(&read, &write, nullptr, nullptr, &size) != 0) throw std::runtime_error("openpty");
    fcntl(read, F_SETFD, FD_CLOEXEC);
    fcntl(write, F_SETFD, FD_CLOEXEC);
  }
};

inline void close_end(int& end) {
  if (end >= 0) close(end);
  end = -1;
}

// Reads what is available, and closes the end at the end of the stream.
inline void drain(int& end, std::string& to) {
  std::array<char, 4096> buffer{};
  const ssize_t count = read(end, buffer.data(), buffer.size());
  if (count <= 0) return close_end(end);
  to.append(buffer.data(), static_cast<std::size_t>(count));
}

// Runs between fork and exec, where only some calls are safe.
[[noreturn]] inline void become(char* const* argv, const char* directory, const ProgramOptions& options, const Pipe& in,
                                const Pipe& out, const Pipe& err) {
  const rlimit limit{options.file_bytes, RLIM_INFINITY};
  if (options.file_bytes != RLIM_INFINITY && setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(125);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_DFL);  // whoever runs the tests
  if (options.ignored_signal != 0) std::signal(options.ignored_signal, SIG_IGN);
  dup2(in.read, STDIN_FILENO);
  dup2(out.write, STDOUT_FILENO);
  dup2(err.write, STDERR_FILENO);
  if (chdir(directory) != 0) _exit(126);
  execv(argv[0], argv);
  _exit(127);
}

inline void collect(ProgramResult& result, int& out, int& err, pid_t child, const ProgramOptions& options) {
  bool interrupted = options.interrupt_after.empty();
  while (out >= 0 || err >= 0) {
    std::array<pollfd, 2> ends{{{out, POLLIN, 0}, {err, POLLIN, 0}}};
    poll(ends.data(), ends.size(), -1);
    if (ends[0].revents != 0) drain(out, result.out);
    if (ends[1].revents != 0) drain(err, result.err);
    if (interrupted || result.err.find(options.interrupt_after) == std::string::npos) continue;
    if (options.hang_up) close_end(err);
    for (const int signal : options.signals) {
      kill(child, signal);
      usleep(20'000);  // two at once may arrive in either order
    }
    interrupted = true;
  }
}

}  // namespace detail

inline ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options = {}) {
  std::vector<std::string> words{options.program.empty() ? program_path() : options.program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string directory = options.directory.empty() ? "." : options.directory.string();
  if (options.terminal) setenv("TERM", "xterm", 1);
  unsetenv("COLUMNS");
  setenv("HILLOCK_TELL_EVERY", options.tell_every.c_str(), 1);
  detail::Pipe in, out;
  detail::Pipe err =
      options.terminal ? detail::Pipe({.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0}) : detail::Pipe();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) detail::become(argv.data(), directory.c_str(), options, in, out, err);
  detail::close_end(in.read);
  detail::close_end(out.write);
  detail::close_end(err.write);
  std::signal(SIGPIPE, SIG_IGN);
  [[maybe_unused]] const ssize_t written = write(in.write, options.input.data(), options.input.size());
  detail::close_end(in.write);
  ProgramResult result;
  detail::collect(result, out.read, err.read, child, options);
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  result.peak_bytes = used.ru_maxrss * 1024;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

// An empty directory that is removed with its files.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hillock-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return file(name);
  }
  std::string read(std::string_view name) const {
    std::ifstream stream(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // The names of the files in it, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      result.push_back(entry.path().filename().string());
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hillock::testing
