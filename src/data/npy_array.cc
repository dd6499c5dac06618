// Parses the .npy header, a Python dictionary literal with three keys. The parser accepts nothing else.
#include "data/npy_array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
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

template <class T>
double load(const char* address) {
  T value;
  std::memcpy(&value, address, sizeof(T));
  return static_cast<double>(value);
}

struct ElementType {
  std::string_view descr;
  std::size_t bytes;
  double (*load)(const char*);
};

constexpr ElementType kElementTypes[] = {
    {"<f4", 4, load<float>},         {"<f8", 8, load<double>},        {"|b1", 1, load<std::uint8_t>},
    {"|i1", 1, load<std::int8_t>},   {"<i2", 2, load<std::int16_t>},  {"<i4", 4, load<std::int32_t>},
    {"<i8", 8, load<std::int64_t>},  {"|u1", 1, load<std::uint8_t>},  {"<u2", 2, load<std::uint16_t>},
    {"<u4", 4, load<std::uint32_t>}, {"<u8", 8, load<std::uint64_t>},
};

const ElementType& element_type(const std::string& descr, const std::string& where) {
  for (const ElementType& type : kElementTypes) {
    if (type.descr == descr) return type;
  }
  const char* reason = descr.starts_with('>') ? "is big endian" : "is no type of numbers read here";
  throw Error(
      fmt::format("{}: element type {} {}; convert it with numpy.astype(\"<f4\")", where, quote(descr), reason));
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

NpyArray parse_npy(std::string_view bytes, const std::string& where) {
  std::string_view data;
  const Header header = HeaderParser(split_header(bytes, data, where), where).parse();
  const ElementType& type = element_type(*header.descr, where);
  if (*header.fortran_order && header.dims->size() > 1) {
    throw Error(fmt::format("{}: the array is in Fortran order; save numpy.ascontiguousarray of it", where));
  }
  // Stops once the product exceeds what the file can hold, so that it cannot overflow. An array without elements has a
  // size of zero on some axis.
  const std::vector<std::int64_t>& dims = *header.dims;
  const bool none = std::find(dims.begin(), dims.end(), 0) != dims.end();
  std::size_t expected = none ? 0 : type.bytes;
  for (std::int64_t dim : dims) {
    const auto extent = static_cast<std::size_t>(dim);
    if (none) break;
    expected = expected > data.size() / extent ? std::numeric_limits<std::size_t>::max() : expected * extent;
    if (expected > data.size()) break;
  }
  if (expected != data.size()) {
    throw Error(
        fmt::format("{}: holds {} bytes of values, which is not what shape ({}) of {} needs; save the file again",
                    where, data.size(), fmt::join(dims, ", "), type.descr));
  }
  return {dims, data.data(), type.bytes, type.load};
}

}  // namespace hillock
