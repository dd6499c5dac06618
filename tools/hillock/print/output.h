// What the program prints: reports and data on stdout, everything about the work on stderr.
//
// A stream that cannot be written to never ends the work: a terminal may be gone, a disk full, a reader of a pipe done.
// What is lost on stdout is told at the end (everything_was_written); nobody reads what is lost on stderr.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hillock::program {

void write_to(std::FILE* stream, std::string_view text);

// Like fmt::print, which throws where a stream cannot be written to. Texts that come from a file, the data or an
// argument have to be made printable (hillock/text.h) before.
template <class... Values>
void print_to(std::FILE* stream, fmt::format_string<Values...> format, Values&&... values) {
  write_to(stream, fmt::format(format, std::forward<Values>(values)...));
}

// "note: …", a line for each, on stderr.
void print_notes(const std::vector<std::string>& notes);

// As one line of text; bytes that are not UTF-8, which a path may have, become U+FFFD.
std::string to_text(const nlohmann::ordered_json& json);
// On stdout, printable and otherwise the same.
void print_json(std::string_view json);

// stdin, stdout and stderr, where whoever started the program closed one: lest a file that is opened gets its number.
void open_missing_streams();

// Writes what is still held for stdout; whether all of it was written so far.
bool everything_was_written();
// Whether stdout is a pipe that nobody reads any more.
bool reader_is_gone();

}  // namespace hillock::program
