// Command-line options with checked values.
#include "arguments/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

#include "hillock/error.h"
#include "hillock/nn.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

template <class T>
std::optional<T> parsed(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string describe(NumberRange range) {
  const char* above = range.min_open ? "above" : "of at least";
  if (range.max >= 1e300) return fmt::format("{} {}", above, range.min);
  return fmt::format("{} {} and {} {}", above, range.min, range.max_open ? "below" : "at most", range.max);
}

}  // namespace

std::vector<std::string> names(const std::vector<nn::NameAndSummary>& items) {
  std::vector<std::string> result;
  for (const nn::NameAndSummary& item : items) result.push_back(item.name);
  return result;
}

std::optional<double> to_number(std::string_view text) {
  const std::optional<double> value = parsed<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> to_integer(std::string_view text) { return parsed<std::int64_t>(text); }

std::int64_t Arguments::read_integer(const std::string& name, const std::string& text, std::int64_t min) const {
  const std::optional<std::int64_t> value = to_integer(text);
  if (!value || *value < min) {
    throw Error(
        fmt::format("{}: {} \"{}\" is not a whole number of at least {}; give one", app_.get_name(), name, text, min));
  }
  return *value;
}

double Arguments::read_number(const std::string& name, const std::string& text, NumberRange range) const {
  const std::optional<double> value = to_number(text);
  const bool fits = value && (range.min_open ? *value > range.min : *value >= range.min) &&
                    (range.max_open ? *value < range.max : *value <= range.max);
  if (!fits) {
    throw Error(
        fmt::format("{}: {} \"{}\" is not a number {}; give one", app_.get_name(), name, text, describe(range)));
  }
  return *value;
}

void Arguments::text(const std::string& name, std::string& value, const char* type, const std::string& help) {
  app_.add_option(name, value, help)->type_name(type);
}

void Arguments::text(const std::string& name, std::optional<std::string>& value, const char* type,
                     const std::string& help) {
  app_.add_option_function<std::string>(
          name, [&value](const std::string& given) { value = given; }, help)
      ->type_name(type);
}

void Arguments::texts(const std::string& name, std::vector<std::string>& value, const char* type,
                      const std::string& help) {
  app_.add_option(name, value, help)->type_name(type)->allow_extra_args(false);
}

void Arguments::integer(const std::string& name, std::int64_t& value, std::int64_t min, const std::string& help) {
  const auto read = [this_ = *this, name, &value, min](const std::string& given) {
    value = this_.read_integer(name, given, min);
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("N");
}

void Arguments::integer(const std::string& name, std::optional<std::int64_t>& value, std::int64_t min,
                        const std::string& help) {
  const auto read = [this_ = *this, name, &value, min](const std::string& given) {
    value = this_.read_integer(name, given, min);
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("N");
}

void Arguments::number(const std::string& name, double& value, NumberRange range, const std::string& help) {
  const auto read = [this_ = *this, name, &value, range](const std::string& given) {
    value = this_.read_number(name, given, range);
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("X");
}

void Arguments::number(const std::string& name, std::optional<double>& value, NumberRange range,
                       const std::string& help) {
  const auto read = [this_ = *this, name, &value, range](const std::string& given) {
    value = this_.read_number(name, given, range);
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("X");
}

void Arguments::require_choice(const std::string& name, const std::string& given, std::string_view word,
                               const std::vector<std::string>& choices) const {
  if (std::find(choices.begin(), choices.end(), word) != choices.end()) return;
  const auto meant = nearest_name(word, choices);
  throw Error(fmt::format("{}: {} \"{}\" is not one of {}{}", app_.get_name(), name, given, fmt::join(choices, ", "),
                          meant ? fmt::format("; did you mean {}?", *meant) : "; give one of them"));
}

void Arguments::choice(const std::string& name, std::optional<std::string>& value, std::vector<std::string> choices,
                       const std::string& help) {
  const auto read = [this_ = *this, name, &value, choices = std::move(choices)](const std::string& given) {
    this_.require_choice(name, given, given, choices);
    value = given;
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("NAME");
}

void Arguments::choice_with_numbers(const std::string& name, std::optional<std::string>& value,
                                    std::vector<std::string> choices, const std::string& help) {
  const auto read = [this_ = *this, name, &value, choices = std::move(choices)](const std::string& given) {
    this_.require_choice(name, given, std::string_view(given).substr(0, given.find(' ')), choices);
    value = given;
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("NAME");
}

void Arguments::number_or(const std::string& name, std::optional<double>& value, NumberRange range,
                          const std::string& word, bool& chosen, const std::string& help) {
  const auto read = [this_ = *this, name, &value, range, word, &chosen](const std::string& given) {
    chosen = given == word;
    if (!chosen && !to_number(given)) {
      throw Error(
          fmt::format("{}: {} \"{}\" is neither a number nor {}; give one", this_.app_.get_name(), name, given, word));
    }
    if (!chosen) value = this_.read_number(name, given, range);
  };
  app_.add_option_function<std::string>(name, read, help)->type_name("X|" + word);
}

void Arguments::flag(const std::string& name, bool& value, const std::string& help) {
  app_.add_flag(name, value, help);
}

void Arguments::positional(const std::string& name, std::string& value, const std::string& help, bool required) {
  app_.add_option(name, value, help)->type_name("")->required(required);
}

void Arguments::examples(const std::string& text) { app_.footer(text); }

void Arguments::when_called(std::function<void()> action) { app_.callback(std::move(action)); }

}  // namespace hillock::program
