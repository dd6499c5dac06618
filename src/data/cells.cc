// Reads delimited text: splits it into rows and cells.
#include "data/cells.h"

#include <fmt/format.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "data/blanks.h"
#include "data/decimal.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {

namespace {

// The position after the last line end that has at least kDecimalLookahead bytes after it, or the beginning of the
// text.
const char* find_lines_end(std::string_view text) {
  const std::string_view front = text.substr(0, text.size() - std::min(text.size(), kDecimalLookahead));
  return text.data() + (front.find_last_of("\r\n") + 1);  // npos + 1 is 0
}

}  // namespace

RowWalker::RowWalker(std::string_view text, const RowFormat& format, std::string_view where)
    : at_(text.data()),
      end_(text.data() + text.size()),
      lines_end_(find_lines_end(text)),
      format_(format),
      delimiter_(format.delimiter),
      quote_(format.quote),
      where_(where),
      line_(format.first_line) {}

bool RowWalker::next(std::vector<std::string_view>& cells) {
  cells.clear();
  skip_blank_lines();
  if (at_ == end_) return false;
  row_line_ = line_;
  for (;;) {
    skip_spaces();
    cells.push_back(at_ != end_ && *at_ == quote_ ? quoted_cell() : plain_cell());
    if (delimiter_ == ' ') skip_spaces();
    if (at_ == end_) return true;
    if (at_line_end()) {
      end_line();
      return true;
    }
    if (delimiter_ != ' ') ++at_;
  }
}

namespace {

// What one vector of text contains: the number of delimiters before the first line end or quote, and the position of
// that line end or quote, or the vector's size if there is none.
struct Glance {
  std::size_t delimiters;
  std::size_t stop;
};

namespace hn = hwy::HWY_NAMESPACE;
using Characters = hn::CappedTag<std::uint8_t, 32>;

HWY_INLINE Glance glance(const char* at, std::uint8_t delimiter, std::uint8_t quote) {
  const Characters d;
  const auto text = hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(at));
  const auto is = [&](std::uint8_t c) { return hn::Eq(text, hn::Set(d, c)); };
  // The mask as 32 bits, with zeros above them whatever the vector size of the machine.
  const auto bits_of = [&](auto mask) {
    std::array<std::uint8_t, 8> bytes{};
    hn::StoreMaskBits(d, mask, bytes.data());
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data(), bytes.size());
    return bits;
  };
  const std::uint64_t stops = bits_of(hn::Or(hn::Or(is('\n'), is('\r')), is(quote)));
  std::uint64_t delimiters = bits_of(is(delimiter));
  std::size_t stop = hn::Lanes(d);
  if (stops != 0) {
    stop = static_cast<std::size_t>(std::countr_zero(stops));
    delimiters &= (std::uint64_t{1} << stop) - 1;
  }
  return {static_cast<std::size_t>(std::popcount(delimiters)), stop};
}

}  // namespace

bool RowWalker::skip(std::size_t& cell_count) {
  if (delimiter_ == ' ') return skip_cells(cell_count);
  skip_blank_lines();
  if (at_ == end_) return false;
  row_line_ = line_;
  const auto width = hn::Lanes(Characters());
  const char* at = at_;
  cell_count = 1;
  for (;;) {
    if (static_cast<std::size_t>(end_ - at) >= width) {
      const Glance seen = glance(at, static_cast<std::uint8_t>(delimiter_), static_cast<std::uint8_t>(quote_));
      cell_count += seen.delimiters;
      at += seen.stop;
      if (seen.stop == width) continue;
    } else {
      for (; at != end_ && *at != '\n' && *at != '\r' && *at != quote_; ++at) cell_count += *at == delimiter_ ? 1 : 0;
    }
    break;
  }
  if (at != end_ && *at == quote_) return skip_cells(cell_count);
  at_ = at;
  if (at_ != end_) end_line();
  return true;
}

bool RowWalker::skip_cells(std::size_t& cell_count) {
  const bool more = next(skipped_);
  cell_count = skipped_.size();
  return more;
}

template <class T>
bool RowWalker::next_numbers(std::span<const std::int32_t> places, T* out, std::span<std::string_view> kept,
                             double* lost) {
  skip_blank_lines();
  if (at_ >= lines_end_) return false;
  const char* at = at_;
  for (std::size_t cell = 0; cell < places.size(); ++cell) {
    while (is_space(*at)) ++at;
    if (places[cell] >= 0) {
      double number = 0;
      at = parse_decimal(at, number);
      if (at == nullptr) return false;
      const T value = static_cast<T>(number);
      if (!std::isfinite(value)) return false;
      out[places[cell]] = value;
      if (sizeof(T) < sizeof(double) && lost != nullptr) {
        double& most = lost[places[cell]];
        most = std::max(most, std::abs(number - static_cast<double>(value)));
      }
      while (is_space(*at)) ++at;
    } else {
      const char* const begin = at;
      if (*at == quote_) return false;
      while (*at != delimiter_ && *at != '\n' && *at != '\r') ++at;
      if (places[cell] != kIgnoredCell) kept[static_cast<std::size_t>(-2 - places[cell])] = trimmed(begin, at);
    }
    if (cell + 1 == places.size()) break;
    if (*at++ != delimiter_) return false;
  }
  if (*at != '\n' && *at != '\r') return false;
  row_line_ = line_;
  at_ = at;
  end_line();
  return true;
}
template bool RowWalker::next_numbers(std::span<const std::int32_t>, float*, std::span<std::string_view>, double*);
template bool RowWalker::next_numbers(std::span<const std::int32_t>, double*, std::span<std::string_view>, double*);

void RowWalker::skip_blank_lines() {
  for (;;) {
    const char* const begin = at_;
    skip_spaces();
    if (at_ == end_) return;
    if (at_comment()) {
      while (at_ != end_ && !at_line_end()) ++at_;
    } else if (*at_ == delimiter_ && skip_delimiters()) {
      ++empty_rows_skipped_;
    } else if (!at_line_end() || blank_lines_) {
      at_ = begin;
      return;
    }
    if (at_ == end_) return;
    end_line();
  }
}

bool RowWalker::at_comment() const {
  return !format_.comment.empty() &&
         std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(format_.comment);
}

// Skips the rest of the line if it holds nothing but delimiters and such lines are not rows.
bool RowWalker::skip_delimiters() {
  if (format_.empty_rows) return false;
  const char* at = at_;
  while (at != end_ && (*at == delimiter_ || is_space(*at))) ++at;
  if (at != end_ && *at != '\n' && *at != '\r') return false;
  at_ = at;
  return true;
}

void RowWalker::skip_spaces() {
  while (at_ != end_ && is_space(*at_)) ++at_;
}

void RowWalker::end_line() {
  const bool carriage_return = *at_++ == '\r';
  if (carriage_return && at_ != end_ && *at_ == '\n') ++at_;
  ++line_;
}

std::string_view RowWalker::trimmed(const char* begin, const char* end) const {
  while (begin != end && is_space(*begin)) ++begin;
  while (begin != end && is_space(end[-1])) --end;
  const std::string_view cell(begin, static_cast<std::size_t>(end - begin));
  const bool ascii =
      cell.empty() || ((static_cast<unsigned char>(*begin) | static_cast<unsigned char>(end[-1])) & 0x80) == 0;
  return ascii ? cell : without_blanks(cell);
}

std::string_view RowWalker::plain_cell() {
  const char* const begin = at_;
  while (at_ != end_ && *at_ != delimiter_ && !at_line_end()) ++at_;
  return trimmed(begin, at_);
}

std::string_view RowWalker::quoted_cell() {
  const std::int64_t first_line = line_;
  const char* begin = ++at_;
  std::string* copy = nullptr;  // the text before an escaped quote
  const auto copy_to = [&](const char* stop, const char* next) {
    if (copy == nullptr) copy = &unquoted_.emplace_back();
    copy->append(begin, stop);
    begin = next;
  };
  for (;; ++at_) {
    if (at_ == end_) refuse_open_quote(first_line);
    if (*at_ == '\n' || *at_ == '\r') {
      end_line();
      --at_;
    } else if (*at_ == quote_) {
      if (at_ + 1 == end_ || at_[1] != quote_) break;
      copy_to(at_ + 1, at_ + 2);
      ++at_;
    } else if (*at_ == '\\' && format_.backslash_escapes && at_ + 1 != end_ && (at_[1] == quote_ || at_[1] == '\\')) {
      copy_to(at_, at_ + 1);
      ++at_;
    }
  }
  const char* stop = at_++;
  if (copy != nullptr) {
    copy_to(stop, stop);
    begin = copy->data();
    stop = begin + copy->size();
  }
  const bool at_delimiter = at_ != end_ && *at_ == delimiter_;
  const bool escaped = stop != begin && at_[-2] == '\\';
  skip_spaces();
  if (!at_delimiter && at_ != end_ && *at_ != delimiter_ && !at_line_end()) refuse_text_after_quote(escaped);
  return trimmed(begin, stop);
}

void RowWalker::refuse_open_quote(std::int64_t line) const {
  const Remedy none{"--quote", {"none"}};
  throw Error(fmt::format("{}: line {} opens a quote that is never closed; close it, or pass {} to read quotes as text",
                          where_, line, none.text()),
              {none});
}

void RowWalker::refuse_text_after_quote(bool escaped) const {
  if (escaped && !format_.backslash_escapes) {
    const Remedy backslash{"--quote", {fmt::format("\\{}", quote_)}};
    throw Error(fmt::format("{}: line {} has text after a quote that follows a backslash; pass --quote {} if a "
                            "backslash escapes quotes",
                            where_, line_, shell_word(backslash.values[0])),
                {backslash});
  }
  const Remedy none{"--quote", {"none"}};
  throw Error(
      fmt::format("{}: line {} has text after a closing quote; write a quote inside a quoted cell twice, or pass {} to "
                  "read quotes as text",
                  where_, line_, none.text()),
      {none});
}

}  // namespace hillock
