// Building blocks for the tables of a trace: cells of fixed width, and sums with all their terms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hillock/trace.h"

namespace hillock::program {

// "0.123457"; 0 has no sign.
std::string number(double value);

// The same as a factor or summand: "(-0.1235)".
std::string factor(double value);

// `text` in at most `width` characters.
std::string cut(std::string_view text, std::size_t width);

// "3 (setosa)": `index`, which counts from 0 but is shown from 1, and what it stands for; as wide as a column for
// names.
std::string named(std::int64_t index, std::string_view name);

// A line of a table: two columns of words, then right-aligned numbers or headings, with more of them in narrow columns.
struct Line {
  std::string first, second;
  std::vector<std::string> cells;
  std::string last;  // narrower; empty if there is none
};
// `wide` is the width of the second column.
std::string to_text(const Line& line, std::size_t wide);

// Widths of the second column for names and for sums.
inline constexpr std::size_t kNames = 18, kSum = 42;

// "a·b + c·d": the products written out, as many as there is room for, beginning with the largest if not all fit.
std::string sum_of(const std::vector<std::pair<double, double>>& products, std::string_view then = "");

// Adds what is shown for every gradient: its value, the finite difference, and the difference between both.
void add_gradient(const Traced& traced, std::int64_t element, Line& line);
// Adds the headings of these three; `gradient` is the first one.
void add_gradient_heads(std::string gradient, Line& line);

}  // namespace hillock::program
