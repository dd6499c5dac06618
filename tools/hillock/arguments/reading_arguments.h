// The options that say how a table is written: the same for every command that reads one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arguments/arguments.h"
#include "hillock/data.h"

namespace hillock::program {

struct ReadingArguments {
  std::optional<std::string> header, delimiter, decimal, comment, encoding;
  std::vector<std::string> missing_tokens;
};

// Adds them to a command; `arguments` must live as long.
void describe_reading(Arguments& options, ReadingArguments& arguments);

// What was given replaces what `options` say. Throws Error for a delimiter or decimal mark that cannot be one.
void apply_reading(const ReadingArguments& arguments, const std::string& command, ReadOptions& options);

}  // namespace hillock::program
