// Reads zip archives in memory, such as NumPy's .npz files. Members may be stored or deflated, and zip64 is supported;
// archives of several files and encryption are not. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
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
  std::uint64_t local_header = 0;  // its position in the archive
};

// Whether the bytes begin like an archive, which may be empty.
bool begins_as_zip(std::string_view bytes);

// The members in the order of the archive's directory. Throws Error unless the directory lies within the bytes and is
// complete.
std::vector<ZipMember> list_zip_members(std::string_view bytes, const std::string& where);

// The content of a member: a view into `bytes` if it is stored, otherwise into `room`. Throws Error unless the member
// lies before the directory, has the size and checksum that the directory states, and is stored or deflated. Never
// allocates more than the compressed bytes could expand to.
std::string_view read_zip_member(std::string_view bytes, const ZipMember& member, std::string& room,
                                 const std::string& where);

}  // namespace hillock
