// Parses the .npy header, a Python dictionary literal with three keys. The parser accepts nothing else.
#include "data/npy_array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "data/sources.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxRank = 8;

struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::int64_t>> dims;
};

// Parses {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Header parse() {
    Header header;
    expect('{');
    while (!take('}')) {
      const std::string key = string_literal();
      expect(':');
      if (key == "descr" && !header.descr) {
        header.descr = string_literal();
      } else if (key == "fortran_order" && !header.fortran_order) {
        header.fortran_order = truth();
      } else if (key == "shape" && !header.dims) {
        header.dims = tuple();
      } else {
        fail();
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!text_.empty() || !header.descr || !header.fortran_order || !header.dims) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(fmt::format(
        "{}: the .npy header is not a plain array's (at {}); save it with numpy.save as one array of numbers", where_,
        quote(text_.substr(0, 20))));
  }
  void skip_spaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t')) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_spaces();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  std::string string_literal() {
    skip_spaces();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) fail();
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) fail();
    std::string literal(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return literal;
  }
  bool truth() {
    skip_spaces();
    for (const auto& [word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}}) {
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    fail();
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> dims;
    expect('(');
    while (!take(')')) {
      skip_spaces();
      std::int64_t dim = 0;
      const auto [stop, error] = std::from_chars(text_.data(), text_.data() + text_.size(), dim);
      if (error != std::errc() || dim < 0 || dims.size() == kMaxRank) fail();
      text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
      dims.push_back(dim);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return dims;
  }

  std::string_view text_;
  const std::string& where_;
};

template <class T, bool kBigEndian>
T value_at(const char* address) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), address, sizeof(T));
  if (kBigEndian) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

template <class T, bool kBigEndian>
double load(const char* address) {
  return static_cast<double>(value_at<T, kBigEndian>(address));
}

template <class T, bool kBigEndian>
std::string load_digits(const char* address, std::size_t /*bytes*/) {
  return fmt::format("{}", value_at<T, kBigEndian>(address));
}

// IEEE 754 binary16: a sign bit, 5 bits of exponent and 10 of fraction.
template <bool kBigEndian>
double load_half(const char* address) {
  const auto bits = value_at<std::uint16_t, kBigEndian>(address);
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = std::ldexp(exponent == 0 ? fraction : fraction + 1024, std::max(exponent, 1) - 25);
  if (exponent == 31) magnitude = fraction == 0 ? HUGE_VAL : std::nan("");
  return bits >> 15 != 0 ? -magnitude : magnitude;
}

// A text ends before the zeros that fill its element.
std::string load_bytes(const char* address, std::size_t bytes) {
  std::string_view text(address, bytes);
  while (text.ends_with('\0')) text.remove_suffix(1);
  return std::string(text);
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto append = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto continued = [&](int shift) { append(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    append(code);
  } else if (code < 0x800) {
    append(0xC0 | code >> 6);
    continued(0);
  } else if (code < 0x10000) {
    append(0xE0 | code >> 12);
    continued(6);
    continued(0);
  } else if (code > 0x10FFFF) {
    append(0xFF);
  } else {
    append(0xF0 | code >> 18);
    continued(12);
    continued(6);
    continued(0);
  }
}

// A text of four bytes per character. What is no character becomes bytes that are not UTF-8.
template <bool kBigEndian>
std::string load_characters(const char* address, std::size_t bytes) {
  std::size_t count = bytes / 4;
  const auto character = [&](std::size_t i) { return value_at<std::uint32_t, kBigEndian>(address + 4 * i); };
  while (count > 0 && character(count - 1) == 0) --count;
  std::string text;
  for (std::size_t i = 0; i < count; ++i) append_utf8(text, character(i));
  return text;
}

struct ElementType {
  std::string_view kind;  // descr without the byte order; "S" and "U" stand before a number of characters
  std::size_t bytes;      // of one element, or of one character of a text
  // As in NpyArray, for each byte order: little endian, big endian.
  double (*load[2])(const char*);
  std::string (*load_text[2])(const char*, std::size_t);
};

template <class T>
constexpr ElementType number_type(std::string_view kind) {
  return {kind, sizeof(T), {load<T, false>, load<T, true>}, {nullptr, nullptr}};
}

// f64 does not hold every number of these types.
template <class T>
constexpr ElementType long_type(std::string_view kind) {
  return {kind, sizeof(T), {load<T, false>, load<T, true>}, {load_digits<T, false>, load_digits<T, true>}};
}

constexpr ElementType kElementTypes[] = {
    {"f2", 2, {load_half<false>, load_half<true>}, {nullptr, nullptr}},
    number_type<float>("f4"),
    number_type<double>("f8"),
    number_type<std::uint8_t>("b1"),
    number_type<std::int8_t>("i1"),
    number_type<std::int16_t>("i2"),
    number_type<std::int32_t>("i4"),
    long_type<std::int64_t>("i8"),
    number_type<std::uint8_t>("u1"),
    number_type<std::uint16_t>("u2"),
    number_type<std::uint32_t>("u4"),
    long_type<std::uint64_t>("u8"),
    {"S", 1, {nullptr, nullptr}, {load_bytes, load_bytes}},
    {"U", 4, {nullptr, nullptr}, {load_characters<false>, load_characters<true>}},
};

// The number of characters in "S3"; 0 if there is none.
std::size_t character_count(std::string_view digits) {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  std::size_t count = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return error == std::errc() && stop == digits.data() + digits.size() && count <= kMost ? count : 0;
}

// In Fortran order the first axis varies fastest. `dims` has no zero.
std::vector<std::int64_t> fortran_places(const std::vector<std::int64_t>& dims) {
  std::vector<std::int64_t> places{0};
  std::int64_t stride = dims[0];
  for (std::size_t axis = 1; axis < dims.size(); ++axis) {
    std::vector<std::int64_t> finer;
    for (const std::int64_t place : places) {
      for (std::int64_t i = 0; i < dims[axis]; ++i) finer.push_back(place + i * stride);
    }
    places = std::move(finer);
    stride *= dims[axis];
  }
  return places;
}

// Returns the header's text and sets `data` to the bytes after it.
std::string_view split_header(std::string_view bytes, std::string_view& data, const std::string& where) {
  const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(bytes[i])}; };
  const std::size_t fixed = bytes.size() > 6 && bytes[6] == 1 ? 10 : 12;
  if (!begins_as_npy(bytes) || bytes.size() < fixed) {
    throw Error(fmt::format("{}: is not a whole .npy file ({} bytes); save it again", where, bytes.size()));
  }
  if (byte(6) < 1 || byte(6) > 3) {
    throw Error(fmt::format("{}: .npy version {} is unknown; versions 1 to 3 are read", where, byte(6)));
  }
  std::size_t length = byte(8) | byte(9) << 8;
  if (fixed == 12) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - fixed) {
    throw Error(fmt::format("{}: the .npy header claims {} bytes, but {} follow; save the file again", where, length,
                            bytes.size() - fixed));
  }
  data = bytes.substr(fixed + length);
  return bytes.substr(fixed, length);
}

}  // namespace

bool begins_as_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::int64_t NpyArray::elements() const {
  std::int64_t product = 1;
  for (std::int64_t dim : dims) product *= dim;
  return product;
}

NpyArray array_of_type(std::string_view descr, const std::string& where) {
  const std::string_view kind = descr.substr(std::min<std::size_t>(1, descr.size()));
  const std::size_t order = descr.starts_with('>') ? 1 : 0;
  for (const ElementType& type : kElementTypes) {
    const bool text = type.load[0] == nullptr;
    if (text ? !kind.starts_with(type.kind) : kind != type.kind) continue;
    const std::size_t count = text ? character_count(kind.substr(1)) : 1;
    if (count == 0 || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) break;
    return {{}, nullptr, count * type.bytes, type.load[order], type.load_text[order]};
  }
  throw Error(fmt::format("{}: element type {} is no type of numbers read here; convert it with numpy.astype(\"<f4\")",
                          where, quote(descr)));
}

NpyArray parse_npy(std::string_view bytes, const std::string& where) {
  std::string_view data;
  const Header header = HeaderParser(split_header(bytes, data, where), where).parse();
  NpyArray array = array_of_type(*header.descr, where);
  // Stops once the product exceeds what the file can hold, so that it cannot overflow. An array without elements has a
  // size of zero on some axis.
  const std::vector<std::int64_t>& dims = *header.dims;
  const bool none = std::find(dims.begin(), dims.end(), 0) != dims.end();
  std::size_t expected = none ? 0 : array.value_bytes;
  for (std::int64_t dim : dims) {
    const auto extent = static_cast<std::size_t>(dim);
    if (none) break;
    expected = expected > data.size() / extent ? std::numeric_limits<std::size_t>::max() : expected * extent;
    if (expected > data.size()) break;
  }
  if (expected != data.size()) {
    throw Error(
        fmt::format("{}: holds {} bytes of values, which is not what shape ({}) of {} needs; save the file again",
                    where, data.size(), fmt::join(dims, ", "), *header.descr));
  }
  array.values = data.data();
  array.dims = dims;
  if (*header.fortran_order && dims.size() > 1 && !none) array.column_places = fortran_places(dims);
  return array;
}

}  // namespace hillock
