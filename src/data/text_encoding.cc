// Checks UTF-8 here and leaves every other encoding to the system's iconv.
#include "data/text_encoding.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// The length in bytes of the well-formed character at the front; 0 if there is none (Unicode 15, table 3-7).
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second > 0x9F;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90, beyond = first == 0xF4 && second > 0x8F;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

// An open conversion to UTF-8.
class Conversion {
 public:
  explicit Conversion(const std::string& from) : handle_(::iconv_open("UTF-8", from.c_str())) {}
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion() {
    if (known()) ::iconv_close(handle_);
  }
  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // The converted text, or nothing with the position of the first invalid byte in `invalid`.
  std::optional<std::string> convert(std::string_view bytes, std::size_t& invalid) {
    std::string text;
    std::array<char, 65536> room;
    std::string source(bytes);  // iconv takes a pointer to non-const text
    char* in = source.data();
    std::size_t in_left = source.size();
    for (bool more = true; more;) {
      char* out = room.data();
      std::size_t out_left = room.size();
      const std::size_t done = ::iconv(handle_, &in, &in_left, &out, &out_left);
      text.append(room.data(), room.size() - out_left);
      if (done == static_cast<std::size_t>(-1) && errno != E2BIG) {
        invalid = source.size() - in_left;
        return std::nullopt;
      }
      more = done == static_cast<std::size_t>(-1);
    }
    return text;
  }

 private:
  iconv_t handle_;
};

std::int64_t line_of(std::string_view text, std::size_t place) {
  const std::string_view before = text.substr(0, place);
  const auto feeds = std::count(before.begin(), before.end(), '\n');
  return 1 + (feeds > 0 ? feeds : std::count(before.begin(), before.end(), '\r'));
}

std::string convert(std::string_view bytes, const std::string& encoding, std::string_view where) {
  Conversion conversion(encoding);
  if (!conversion.known()) {
    const Remedy chinese{"--encoding", {"GB18030"}}, latin{"--encoding", {"ISO-8859-1"}};
    throw Error(fmt::format("{}: the encoding {} is not known here; give one that `iconv --list` names, for example {} "
                            "or {}",
                            where, quote(encoding), chinese.text(), latin.text()),
                {chinese, latin});
  }
  std::size_t invalid = 0;
  std::optional<std::string> text = conversion.convert(bytes, invalid);
  if (!text) {
    throw Error(fmt::format("{}: is not {} text (byte {}, line {}); give the encoding it has", where, encoding,
                            invalid + 1, line_of(bytes, invalid)));
  }
  if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
  return std::move(*text);
}

[[noreturn]] void refuse_invalid_utf8(std::string_view bytes, std::size_t place, std::string_view where) {
  // Guesses the encoding from the line around the position. Latin-1 comes last because every byte is valid in it.
  const std::size_t from = bytes.find_last_of("\r\n", place);
  const std::string_view sample = bytes.substr(from == std::string_view::npos ? 0 : from + 1);
  const std::string_view lines =
      sample.substr(0, sample.find_first_of("\r\n", std::min<std::size_t>(4096, sample.size())));
  std::size_t invalid = 0;
  const bool chinese = Conversion("GB18030").convert(lines, invalid).has_value();
  std::vector<Remedy> remedies;
  if (chinese) remedies.push_back({"--encoding", {"GB18030"}});
  remedies.push_back({"--encoding", {"ISO-8859-1"}});
  throw Error(
      fmt::format("{}: is not UTF-8 text (byte {}, line {}); pass {}, or save it as UTF-8", where, place + 1,
                  line_of(bytes, place),
                  chinese ? fmt::format("{} or {}", remedies[0].text(), remedies[1].text()) : remedies[0].text()),
      remedies);
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    while (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & kHighBits) != 0) break;
      at += sizeof eight;
    }
    if (at == text.size()) break;
    const std::size_t bytes = character_bytes(text.substr(at));
    if (bytes == 0) return at;
    at += bytes;
  }
  return std::nullopt;
}

std::string_view find_utf16(std::string_view bytes) {
  constexpr std::size_t kBeginning = 4096, kLeastZeros = 4;
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return "UTF-16";
  const std::string_view beginning = bytes.substr(0, kBeginning);
  if (bytes.size() % 2 != 0) return {};
  std::array<std::size_t, 2> zeros{};  // at even places, at odd places
  for (std::size_t i = 0; i < beginning.size(); ++i) zeros[i % 2] += beginning[i] == '\0' ? 1 : 0;
  const std::size_t most = std::max(zeros[0], zeros[1]);
  if (std::min(zeros[0], zeros[1]) > 0 || most < kLeastZeros || 10 * most < beginning.size()) return {};
  return zeros[0] > 0 ? "UTF-16BE" : "UTF-16LE";
}

std::optional<std::string> decode_text(std::string_view bytes, const std::string& encoding, std::string_view where) {
  const bool utf8 = encoding.empty() || encoding == "UTF-8" || encoding == "utf-8" || encoding == "utf8";
  if (encoding.empty()) {
    if (const std::string_view utf16 = find_utf16(bytes); !utf16.empty()) {
      return convert(bytes, std::string(utf16), where);
    }
  }
  if (!utf8) return convert(bytes, encoding, where);
  if (const auto invalid = find_invalid_utf8(bytes)) refuse_invalid_utf8(bytes, *invalid, where);
  return std::nullopt;
}

}  // namespace hillock
