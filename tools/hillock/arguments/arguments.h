// Command-line options whose values are checked when they are read. An error is one line that says what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace hillock::nn {
struct NameAndSummary;
}

namespace hillock::program {

// The names in a list, for Arguments::choice.
std::vector<std::string> names(const std::vector<nn::NameAndSummary>& items);

// The number that the whole text is, in decimal notation and finite; nothing if it is not one.
std::optional<double> to_number(std::string_view text);
std::optional<std::int64_t> to_integer(std::string_view text);

// The numbers that an option accepts: [min, max], without its ends where they are open.
struct NumberRange {
  double min = 0;
  double max = 1e300;
  bool min_open = false;
  bool max_open = false;
};

// Adds options to one command. An invalid value throws Error `command: --option: the fact; what to do`.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  void text(const std::string& name, std::string& value, const char* type, const std::string& help);
  void text(const std::string& name, std::optional<std::string>& value, const char* type, const std::string& help);
  void texts(const std::string& name, std::vector<std::string>& value, const char* type, const std::string& help);
  void integer(const std::string& name, std::int64_t& value, std::int64_t min, const std::string& help);
  void integer(const std::string& name, std::optional<std::int64_t>& value, std::int64_t min, const std::string& help);
  void number(const std::string& name, double& value, NumberRange range, const std::string& help);
  void number(const std::string& name, std::optional<double>& value, NumberRange range, const std::string& help);
  // One of `choices`. Another word is refused, with the most similar choice.
  void choice(const std::string& name, std::optional<std::string>& value, std::vector<std::string> choices,
              const std::string& help);
  // The same with numbers after the word: "huber 0.5". The numbers are not checked here.
  void choice_with_numbers(const std::string& name, std::optional<std::string>& value, std::vector<std::string> choices,
                           const std::string& help);
  // A number, or the word `word`, which sets `chosen` instead.
  void number_or(const std::string& name, std::optional<double>& value, NumberRange range, const std::string& word,
                 bool& chosen, const std::string& help);
  void flag(const std::string& name, bool& value, const std::string& help);
  // An argument without a name; the help calls it `name`.
  void positional(const std::string& name, std::string& value, const std::string& help, bool required = true);
  // Text printed below the help.
  void examples(const std::string& text);
  // The action is called after all arguments of the command have been read.
  void when_called(std::function<void()> action);

 private:
  std::int64_t read_integer(const std::string& name, const std::string& text, std::int64_t min) const;
  double read_number(const std::string& name, const std::string& text, NumberRange range) const;
  void require_choice(const std::string& name, const std::string& given, std::string_view word,
                      const std::vector<std::string>& choices) const;

  CLI::App& app_;
};

}  // namespace hillock::program
