// What is fuzzed: one function for each parser that reads what others wrote. libFuzzer calls them with bytes that it
// makes up (entry.cc, scripts/fuzz), the tests with the kept ones (seeds_test.cc).
//
// An Error with a message of one line passes. Any other exception is a finding, and so is a promise that what was read
// does not keep: it is thrown as std::logic_error.
#pragma once

#include <string_view>

namespace hillock::fuzz {

// A table; its first four bytes choose the options (fuzz_csv.cc).
void csv(std::string_view bytes);
// Images, and from the second header on their labels.
void file(std::string_view bytes);
void idx(std::string_view bytes);
// A .npy or .npz file.
void npy(std::string_view bytes);
// A safetensors file, and the model that it may contain.
void safetensors(std::string_view bytes);
// The text of --net.
void net(std::string_view bytes);

}  // namespace hillock::fuzz
