// What the program prints: reports and data on stdout, everything about the work on stderr.
//
// A stream that cannot be written to does not end the work: a terminal may be closed, a disk full, the reader of a
// pipe finished. What is lost on stdout is reported at the end (everything_was_written); what is lost on stderr is
// not.
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

// Like fmt::print, but does not throw if a stream cannot be written to. Texts that come from a file, the data or an
// argument must be made printable (hillock/text.h) first.
template <class... Values>
void print_to(std::FILE* stream, fmt::format_string<Values...> format, Values&&... values) {
  write_to(stream, fmt::format(format, std::forward<Values>(values)...));
}

// Prints "note: …" on stderr, one line for each.
void print_notes(const std::vector<std::string>& notes);

// The JSON as one line of text. Bytes that are not UTF-8, which a path may contain, become U+FFFD.
std::string to_text(const nlohmann::ordered_json& json);
// Prints on stdout, with unprintable characters escaped.
void print_json(std::string_view json);

// Opens stdin, stdout and stderr if the program was started with one of them closed, so that no other file gets its
// number.
void open_missing_streams();

// Flushes stdout; returns whether everything has been written so far.
bool everything_was_written();
// Whether stdout is a pipe whose reader has closed it.
bool reader_is_gone();

}  // namespace hillock::program
