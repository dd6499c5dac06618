// Converts the bytes of a text file to UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hillock {

// The position of the first byte that is not part of well-formed UTF-8 (RFC 3629).
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// "UTF-16" if the bytes begin with its byte order mark; "UTF-16LE" or "UTF-16BE" if every other byte of the beginning
// may be zero and many are, as in that encoding of text with delimiters and numbers; else empty.
std::string_view find_utf16(std::string_view bytes);

// The text converted to UTF-8; nothing if `bytes` are UTF-8 already. `encoding` is a name that iconv knows; empty means
// UTF-8, or what find_utf16 finds. Throws Error, which names encodings that would fit, if the bytes are
// not in this encoding, or if iconv does not know it.
std::optional<std::string> decode_text(std::string_view bytes, const std::string& encoding, std::string_view where);

}  // namespace hillock
