// What the tables of a trace are made of: cells of fixed width, sums written out.
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

// "3 (setosa)": number `index`, from 0 but shown from 1, and what it stands for; as wide as a column for names.
std::string named(std::int64_t index, std::string_view name);

// A line of a table: two columns of words, then numbers or heads, right-aligned, `narrow` more in columns of their own.
struct Line {
  std::string first, second;
  std::vector<std::string> cells;
  std::string last;  // narrower, empty: none
};
// `wide` is the width of the second column.
std::string to_text(const Line& line, std::size_t wide);

// Widths of the second column: for names, for sums, none.
inline constexpr std::size_t kNames = 18, kSum = 42;

// "a·b + c·d": products written out, as many as there is room for, the largest first where that is not all.
std::string sum_of(const std::vector<std::pair<double, double>>& products, std::string_view then = "");

// What stands beside every gradient: itself, the finite difference, how far apart they are.
void add_gradient(const Traced& traced, std::int64_t element, Line& line);
// The heads of these three; `gradient` is what the first is called.
void add_gradient_heads(std::string gradient, Line& line);

}  // namespace hillock::program
