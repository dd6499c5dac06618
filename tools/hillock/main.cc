// hillock: trains networks on tables and images and uses them, from the command line. Data go to stdout and everything
// about the work to stderr. An error is one line on stderr and an exit code (commands.h).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "commands.h"
#include "hillock/error.h"
#include "hillock/machine.h"
#include "hillock/text.h"
#include "hillock/version.h"
#include "print/output.h"
#include "print/wrapped.h"

namespace hillock::program {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock train digits                          a built-in set; writes digits.safetensors\n"
    "  hillock train patients.csv --target outcome   a table of your own\n"
    "  hillock predict patients.safetensors new.csv  predictions as CSV on stdout\n"
    "  hillock help train                            every option of a command\n"
    "\n"
    "Exit codes:\n"
    "  0              done\n"
    "  1              it failed: a file could not be written, the loss is not finite\n"
    "  2              the call or the data is wrong; nothing was written\n"
    "  130, 143, 129  ended by SIGINT (Ctrl-C), SIGTERM or SIGHUP; train keeps what was learnt";

struct Command {
  const char* name;
  const char* description;
  void (*add)(CLI::App& command, Action& run);
};
constexpr Command kCommands[] = {
    {"train", "Train a network on data and save it", add_train},
    {"evaluate", "Measure a model on data with known answers", add_evaluate},
    {"predict", "Predict with a model, as CSV", add_predict},
    {"show", "Print what a model is and how it was trained", add_show},
    {"compare", "Train combinations of options over many seeds and set them side by side", add_compare},
    {"plan", "Print every step that a training step and a prediction take", add_plan},
    {"trace", "Print a training step equation by equation, and check its gradients", add_trace},
    {"datasets", "List the built-in data sets", add_datasets},
    {"help", "Explain a command, or list layers, losses, optimizers, …", add_help},
};

// Leaves out the options of commands that `words` do not name: describing all of them takes a sixth of the processor
// time of a short run. `help` explains any command.
void describe(CLI::App& app, std::span<char* const> words, Action& run) {
  app.description("Hillock trains a neural network on a file of data and uses it.");
  app.set_version_flag("--version", fmt::format("hillock {}", version()), "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.footer(kExamples);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  const auto named = [&](std::string_view name) {
    return std::ranges::any_of(words, [name](const char* word) { return word == name; });
  };
  for (const Command& command : kCommands) {
    CLI::App& described = *app.add_subcommand(command.name, command.description);
    if (named(command.name) || named("help")) command.add(described, run);
  }
}

// The command that was called, or the program itself.
const CLI::App& called(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

std::string place(const CLI::App& app) {
  const CLI::App& command = called(app);
  return &command == &app ? std::string() : command.get_name() + ": ";
}

std::string how_to_help(const CLI::App& app) {
  const CLI::App& command = called(app);
  return &command == &app ? "hillock help" : fmt::format("hillock help {}", command.get_name());
}

// The leading dashes, which all options share, do not count as similarity.
std::string did_you_mean(const std::string& word, const CLI::App& app) {
  const bool is_option = word.starts_with("-");
  std::vector<std::string> known;
  if (is_option) {
    for (const CLI::Option* option : called(app).get_options()) {
      known.insert(known.end(), option->get_lnames().begin(), option->get_lnames().end());
    }
  } else {
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(command->get_name());
    }
  }
  const std::size_t begin = std::min(word.find_first_not_of('-'), word.size());
  const auto meant = nearest_name(word.substr(begin, word.find('=') - begin), known);
  if (!meant) return fmt::format("{} lists what there is", how_to_help(app));
  return fmt::format("did you mean {}{}?", is_option ? "--" : "", *meant);
}

bool is_file(const std::string& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

// Explains a word that CLI11 did not accept; `behind_dashes` tells whether it follows "--".
std::string explain_word(const CLI::App& app, const std::string& word, bool behind_dashes) {
  const bool option = word.starts_with("-"), command = &called(app) != &app;
  if (option && behind_dashes)
    return fmt::format("{}{} stands behind --, where nothing is an option; put it before", place(app), word);
  if (option && is_file(word))
    return fmt::format("{}there is no option {}; if the file is meant, write ./{}", place(app), word, word);
  if (option) return fmt::format("{}there is no option {}; {}", place(app), word, did_you_mean(word, app));
  if (!command) return fmt::format("there is no command {}; {}", word, did_you_mean(word, app));
  return fmt::format("{}one argument too many: {}; {} shows what it takes", place(app), word, how_to_help(app));
}

// One line for a call that CLI11 could not parse.
std::string explain(const CLI::App& app, const CLI::ParseError& error, std::span<char* const> words) {
  std::vector<std::string> extras = app.remaining(true);
  std::erase(extras, "--");
  if (!extras.empty()) {
    const auto at = std::find(words.begin(), words.end(), extras.front());
    const bool before_command = &called(app) != &app && extras.front().starts_with("-") && at == words.begin() + 1;
    if (before_command) {
      return fmt::format("{} stands before the command; put it behind, as in hillock train DATA {}", extras.front(),
                         extras.front());
    }
    return explain_word(app, extras.front(), std::find(words.begin(), at, std::string_view("--")) != at);
  }
  if (const auto* mismatch = dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    const std::string what = mismatch->what();
    return fmt::format("{}{} takes one value and stands once; {} shows how", place(app), what.substr(0, what.find(':')),
                       how_to_help(app));
  }
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {  // other values are converted by Arguments
    return fmt::format("{}a value is given to an option that takes none; {} shows how", place(app), how_to_help(app));
  }
  if (app.get_subcommands().empty()) return "a command is missing; hillock help lists them";
  return fmt::format("{}{}; {} shows how", place(app), error.what(), how_to_help(app));
}

int complain(const std::string& message, int code) {
  std::fflush(stdout);
  print_to(stderr, "hillock: {}\n", printable(message));
  return code;
}

// The call in the form that a shell accepts.
std::string call_of(std::span<char* const> words) {
  std::string call = "hillock";
  for (const std::string_view word : words.subspan(1)) call += " " + shell_word(word);
  return call;
}

// If the terminal was closed by the interruption, the exit code has reported it.
void require_everything_written(int code) {
  if (everything_was_written() || code != kDone) return;
  if (reader_is_gone()) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  throw Failure("stdout: could not be written in full; free some space or write to another file");
}

int run_program(int argc, char** argv) {
  open_missing_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // exceeding the file size limit is then an error like a full disk
  CLI::App app("", "hillock");
  Action run;
  describe(app, {argv, static_cast<std::size_t>(argc)}, run);
  if (argc <= 1) {  // prints help on a terminal; for a script the call is an error
    print_to(stderr, "{}", wrapped(app.help(), help_columns(stderr)));
    return kBadCall;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    std::ostringstream text;
    const int code = app.exit(success, text, text);
    print_to(stdout, "{}", wrapped(text.str(), help_columns(stdout)));
    require_everything_written(code);
    return code;
  } catch (const CLI::ParseError& error) {
    return complain(explain(app, error, {argv, static_cast<std::size_t>(argc)}), kBadCall);
  }
  instruction_set();  // refuses an invalid HILLOCK_TARGET before anything else is done
  const int code = run(call_of({argv, static_cast<std::size_t>(argc)}));
  require_everything_written(code);
  return code;
}

}  // namespace
}  // namespace hillock::program

int main(int argc, char** argv) {
  using namespace hillock::program;
  try {
    return run_program(argc, argv);
  } catch (const hillock::Error& error) {
    return complain(error.what(), kBadCall);
  } catch (const Failure& failure) {
    return complain(failure.what(), kFailed);
  } catch (const std::bad_alloc&) {
    return complain("not enough memory; give fewer rows or a smaller network", kFailed);
  } catch (const std::exception& error) {
    return complain(error.what(), kFailed);
  }
}
