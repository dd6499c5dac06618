// Command-line arguments: options whose values are checked as they are read, and the one line that says what was wrong.
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

// Of a list of what there is, for Arguments::choice.
std::vector<std::string> names(const std::vector<nn::NameAndSummary>& items);

// The whole text as a number; nothing if it is not one. Decimal notation, finite.
std::optional<double> to_number(std::string_view text);
std::optional<std::int64_t> to_integer(std::string_view text);

// Which numbers an option takes: [min, max], without its ends where they are open.
struct NumberRange {
  double min = 0;
  double max = 1e300;
  bool min_open = false;
  bool max_open = false;
};

// Adds options to one command. A value that does not fit throws Error `command: --option: the fact; what to do`.
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
  // One of `choices`; another word is refused with the nearest.
  void choice(const std::string& name, std::optional<std::string>& value, std::vector<std::string> choices,
              const std::string& help);
  // The same with numbers after the word: "huber 0.5". They are not looked at here.
  void choice_with_numbers(const std::string& name, std::optional<std::string>& value, std::vector<std::string> choices,
                           const std::string& help);
  // A number, or the word `word`, which sets `chosen` instead.
  void number_or(const std::string& name, std::optional<double>& value, NumberRange range, const std::string& word,
                 bool& chosen, const std::string& help);
  void flag(const std::string& name, bool& value, const std::string& help);
  // An argument without a name; `name` is how the help calls it.
  void positional(const std::string& name, std::string& value, const std::string& help, bool required = true);
  // What stands below the help.
  void examples(const std::string& text);
  // Called after all arguments of the command have been read.
  void when_called(std::function<void()> action);

 private:
  std::int64_t read_integer(const std::string& name, const std::string& text, std::int64_t min) const;
  double read_number(const std::string& name, const std::string& text, NumberRange range) const;
  void require_choice(const std::string& name, const std::string& given, std::string_view word,
                      const std::vector<std::string>& choices) const;

  CLI::App& app_;
};

}  // namespace hillock::program
