// Bytes of a text file to UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hillock {

// The place of the first byte that is not part of well-formed UTF-8 (RFC 3629).
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// What to read instead of `bytes`; nothing if they are UTF-8 already. `encoding` is iconv's name for it; empty means
// UTF-8, or UTF-16 where a byte order mark says so. Throws Error, with the encodings that would fit, if the bytes are
// not what they should be, or if iconv does not know the encoding.
std::optional<std::string> decode_text(std::string_view bytes, const std::string& encoding, std::string_view where);

}  // namespace hillock
