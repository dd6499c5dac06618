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

// A way to resolve an error: an option of the program to pass or to omit. In C++ the option is the field of the same
// name in TableOptions (`--decimal` is TableOptions::decimal).
struct Remedy {
  std::string option;                 // "--decimal"
  std::vector<std::string> values{};  // pass the option once with each of these; empty: omit it

  // The option as in the message and as a shell reads it: `--decimal ,`, `--drop "a" --drop "b"`, or `--warmup` if it
  // is to be omitted. The text quotes names and cells, shortens long ones and replaces control characters; `values`
  // does not.
  std::string text() const;
};

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  Error(const std::string& message, std::vector<Remedy> remedies)
      : std::runtime_error(message), remedies_(std::make_shared<const std::vector<Remedy>>(std::move(remedies))) {}

  // The options that the message suggests, in its order. Each resolves the error by itself. Suggestions that are not
  // options (to correct a line, to give another file) are only in the message.
  std::span<const Remedy> remedies() const {
    return remedies_ == nullptr ? std::span<const Remedy>() : std::span<const Remedy>(*remedies_);
  }

 private:
  std::shared_ptr<const std::vector<Remedy>> remedies_;  // shared, so that a copy of the exception cannot throw
};

}  // namespace hillock
