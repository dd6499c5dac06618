// The commands. Each function adds one command's options to `app`. If that command is called, it sets `run`, which then
// does the work and returns the exit code.
#pragma once

#include <functional>
#include <stdexcept>

namespace CLI {
class App;
}

namespace hillock::program {

// The exit codes of the program.
inline constexpr int kDone = 0;
// something failed while running: a file could not be written, the loss is not finite
inline constexpr int kFailed = 1;
inline constexpr int kBadCall = 2;  // the call or the data is wrong; nothing was written
// 130, 143 and 129 (interrupt.h): ended by SIGINT, SIGTERM or SIGHUP; the best network so far was kept.

// An error after the work had begun: exit code kFailed.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Action = std::function<int(const std::string& call)>;

void add_train(CLI::App& app, Action& run);
void add_evaluate(CLI::App& app, Action& run);
void add_predict(CLI::App& app, Action& run);
void add_show(CLI::App& app, Action& run);
void add_compare(CLI::App& app, Action& run);
void add_plan(CLI::App& app, Action& run);
void add_trace(CLI::App& app, Action& run);
void add_datasets(CLI::App& app, Action& run);
void add_help(CLI::App& app, Action& run);

}  // namespace hillock::program
