// Zip archives in memory: what NumPy's .npz files are. Members stored or deflated, zip64; one part, not encrypted.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hillock {

struct ZipMember {
  std::string_view name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;  // 0 stored, 8 deflated
  std::uint32_t crc = 0;     // of the content
  std::uint64_t packed_bytes = 0, content_bytes = 0;
  std::uint64_t local_header = 0;  // its place in the archive
};

// Whether the bytes begin as an archive, with members or without.
bool begins_as_zip(std::string_view bytes);

// In the order of the archive's directory. Throws Error unless the directory lies within the bytes and is whole.
std::vector<ZipMember> list_zip_members(std::string_view bytes, const std::string& where);

// The content: within `bytes` if it is stored, else in `room`. Throws Error unless it lies before the directory, has
// the size and the checksum that the directory says, and is packed in a way that is read here. Nothing is allocated
// that the packed bytes could not fill.
std::string_view read_zip_member(std::string_view bytes, const ZipMember& member, std::string& room,
                                 const std::string& where);

}  // namespace hillock
