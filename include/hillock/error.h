// The exception that Hillock throws for mistakes of the caller: wrong shapes, bad files, malformed options.
//
// A message has the form `where: the fact, with the values; what to do`. It is one line without a trailing newline. The
// library throws while describing, planning, binding or reading; it never prints, exits or aborts.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hillock {

// A way out of an error: an option of the program to pass, or to leave out. In C++ an option is the field of that name
// in ReadOptions or TableOptions (`--decimal` is ReadOptions::decimal).
struct Remedy {
  std::string option;                 // "--decimal"
  std::vector<std::string> values{};  // the option is given once with each of them; none: it is left out

  // As a message says it and a shell reads it: `--decimal ,`, `--drop "a" --drop "b"`; `--warmup` where it is left out.
  // The text quotes names and cells, cuts long ones and replaces control characters; `values` holds them whole.
  std::string text() const;
};

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  Error(const std::string& message, std::vector<Remedy> remedies)
      : std::runtime_error(message), remedies_(std::make_shared<const std::vector<Remedy>>(std::move(remedies))) {}

  // The options that the message advises, in its order. Each is a way out by itself; advice that is no option (to
  // correct a line, to give another file) is in the message alone.
  std::span<const Remedy> remedies() const {
    return remedies_ == nullptr ? std::span<const Remedy>() : std::span<const Remedy>(*remedies_);
  }

 private:
  std::shared_ptr<const std::vector<Remedy>> remedies_;  // shared, so that a copy of the exception cannot throw
};

}  // namespace hillock
