// The directory at an archive's end is trusted where it agrees with the bytes; local headers are only checked against
// it.
#include "data/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <optional>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::string_view kLocalHeader = "PK\x03\x04";
constexpr std::string_view kDirectoryEntry = "PK\x01\x02";
constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::string_view kEnd64 = "PK\x06\x06";
constexpr std::string_view kEnd64Locator = "PK\x06\x07";
constexpr std::uint64_t kIn64 = 0xFFFFFFFF;  // the number is in a zip64 record instead

[[noreturn]] void refuse(const std::string& where, std::string_view what) {
  throw Error(fmt::format("{}: the zip archive is truncated or damaged ({}); save it again", where, what));
}

// Reads little-endian numbers and texts from the front of bytes. Throws Error if there are not enough bytes.
class Reader {
 public:
  Reader(std::string_view bytes, std::string_view what, const std::string& where)
      : bytes_(bytes), what_(what), where_(where) {}

  std::string_view text(std::uint64_t count) {
    if (count > bytes_.size()) refuse(where_, what_);
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(count));
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::uint16_t two() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t four() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t eight() { return number(8); }
  void expect(std::string_view signature) {
    if (text(signature.size()) != signature) refuse(where_, what_);
  }
  bool empty() const { return bytes_.empty(); }

 private:
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    const std::string_view digits = text(count);
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(digits[i]);
    return value;
  }

  std::string_view bytes_, what_;
  const std::string& where_;
};

struct Directory {
  std::uint64_t entries = 0, bytes = 0, begin = 0;
};

// The position of the end record: the last one whose comment ends exactly at the end of the bytes.
std::size_t find_end(std::string_view bytes, const std::string& where) {
  constexpr std::size_t kEndBytes = 22, kMostComment = 0xFFFF;
  if (bytes.size() < kEndBytes) refuse(where, fmt::format("{} bytes", bytes.size()));
  const std::size_t last = bytes.size() - kEndBytes;
  const std::size_t least = last - std::min(last, kMostComment);
  for (std::size_t at = bytes.rfind(kEnd, last); at != std::string_view::npos && at >= least;) {
    const std::size_t comment =
        static_cast<unsigned char>(bytes[at + 20]) | std::size_t{static_cast<unsigned char>(bytes[at + 21])} << 8;
    if (at + kEndBytes + comment == bytes.size()) return at;
    if (at == 0) break;
    at = bytes.rfind(kEnd, at - 1);
  }
  refuse(where, "it has no directory");
}

Directory read_end64(std::string_view bytes, std::size_t end, const std::string& where) {
  constexpr std::size_t kLocatorBytes = 20;
  if (end < kLocatorBytes) refuse(where, "its zip64 record");
  Reader locator(bytes.substr(end - kLocatorBytes, kLocatorBytes), "its zip64 record", where);
  locator.expect(kEnd64Locator);
  (void)locator.four();  // the number of the disk that holds the record
  const std::uint64_t at = locator.eight();
  if (at > end - kLocatorBytes) refuse(where, "its zip64 record");
  Reader record(bytes.substr(static_cast<std::size_t>(at), end - kLocatorBytes - static_cast<std::size_t>(at)),
                "its zip64 record", where);
  record.expect(kEnd64);
  (void)record.text(8 + 2 + 2 + 4 + 4 + 8);  // size, versions, disk numbers, entries on this disk
  Directory directory;
  directory.entries = record.eight();
  directory.bytes = record.eight();
  directory.begin = record.eight();
  if (directory.begin > at || directory.bytes > at - directory.begin) refuse(where, "its directory's place");
  return directory;
}

Directory find_directory(std::string_view bytes, const std::string& where) {
  const std::size_t end = find_end(bytes, where);
  Reader record(bytes.substr(end), "its end", where);
  record.expect(kEnd);
  const std::uint16_t disk = record.two(), first_disk = record.two(), entries_here = record.two();
  Directory directory;
  directory.entries = record.two();
  directory.bytes = record.four();
  directory.begin = record.four();
  if (directory.entries == 0xFFFF || directory.bytes == kIn64 || directory.begin == kIn64) {
    return read_end64(bytes, end, where);
  }
  if (disk != 0 || first_disk != 0 || entries_here != directory.entries) refuse(where, "it is one of several parts");
  if (directory.begin > end || directory.bytes > end - directory.begin) refuse(where, "its directory's place");
  return directory;
}

// Numbers that do not fit into an entry are in its extra field, in this order, and only those.
void read_zip64_extra(std::string_view extra, ZipMember& member, const std::string& where) {
  constexpr std::uint16_t kZip64 = 1;
  for (Reader fields(extra, "an extra field", where); !fields.empty();) {
    const std::uint16_t kind = fields.two();
    const std::string_view field = fields.text(fields.two());
    if (kind != kZip64) continue;
    Reader numbers(field, "a zip64 field", where);
    for (std::uint64_t* number : {&member.content_bytes, &member.packed_bytes, &member.local_header}) {
      if (*number == kIn64) *number = numbers.eight();
    }
    return;
  }
}

ZipMember read_entry(Reader& directory, const std::string& where) {
  ZipMember member;
  directory.expect(kDirectoryEntry);
  (void)directory.text(2 + 2);  // versions
  member.flags = directory.two();
  member.method = directory.two();
  (void)directory.text(2 + 2);  // time and date
  member.crc = directory.four();
  member.packed_bytes = directory.four();
  member.content_bytes = directory.four();
  const std::uint16_t name_bytes = directory.two(), extra_bytes = directory.two(), comment_bytes = directory.two();
  (void)directory.text(2 + 2 + 4);  // disk number, attributes
  member.local_header = directory.four();
  member.name = directory.text(name_bytes);
  read_zip64_extra(directory.text(extra_bytes), member, where);
  (void)directory.text(comment_bytes);
  return member;
}

// The compressed bytes of the member.
std::string_view find_packed(std::string_view bytes, const ZipMember& member, const std::string& where) {
  const std::string what = "its member " + quote(member.name);
  const std::string_view before = bytes.substr(0, static_cast<std::size_t>(find_directory(bytes, where).begin));
  if (member.local_header > before.size()) refuse(where, what);
  Reader local(before.substr(static_cast<std::size_t>(member.local_header)), what, where);
  local.expect(kLocalHeader);
  (void)local.text(2 + 2);  // version, flags
  const std::uint16_t method = local.two();
  (void)local.text(2 + 2 + 4 + 4 + 4);  // time and date; checksum and sizes, which may follow the content instead
  const std::uint16_t name_bytes = local.two(), extra_bytes = local.two();
  if (local.text(name_bytes) != member.name || method != member.method) refuse(where, what);
  (void)local.text(extra_bytes);
  return local.text(member.packed_bytes);
}

// Inflates `packed` into `out`, which it must fill exactly.
bool inflate_to(std::string_view packed, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, inflateEnd);
  std::size_t fed = 0, filled = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    if (stream.avail_in == 0) {
      const std::size_t take = std::min<std::size_t>(packed.size() - fed, UINT_MAX);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + fed));
      stream.avail_in = static_cast<uInt>(take);
      fed += take;
    }
    const std::size_t room = std::min<std::size_t>(out.size() - filled, UINT_MAX);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    filled += room - stream.avail_out;
  }
  return status == Z_STREAM_END && filled == out.size() && fed == packed.size() && stream.avail_in == 0;
}

}  // namespace

bool begins_as_zip(std::string_view bytes) { return bytes.starts_with(kLocalHeader) || bytes.starts_with(kEnd); }

std::vector<ZipMember> list_zip_members(std::string_view bytes, const std::string& where) {
  const Directory directory = find_directory(bytes, where);
  Reader entries(bytes.substr(static_cast<std::size_t>(directory.begin), static_cast<std::size_t>(directory.bytes)),
                 "its directory", where);
  std::vector<ZipMember> members;
  for (std::uint64_t i = 0; i < directory.entries; ++i) members.push_back(read_entry(entries, where));
  if (!entries.empty()) refuse(where, "its directory");
  return members;
}

std::string_view read_zip_member(std::string_view bytes, const ZipMember& member, std::string& room,
                                 const std::string& where) {
  constexpr std::uint16_t kEncrypted = 1, kStored = 0, kDeflated = 8;
  constexpr std::uint64_t kMostExpansion = 1032;  // the largest ratio that deflate can reach
  if ((member.flags & kEncrypted) != 0) {
    throw Error(fmt::format("{}: its member {} is encrypted; save it without a password", where, quote(member.name)));
  }
  if (member.method != kStored && member.method != kDeflated) {
    throw Error(
        fmt::format("{}: its member {} is compressed by method {}, stored and deflated members are read; save it with "
                    "numpy.savez",
                    where, quote(member.name), member.method));
  }
  const std::string_view packed = find_packed(bytes, member, where);
  std::string_view content = packed;
  bool whole = packed.size() == member.content_bytes;
  if (member.method == kDeflated) {
    whole = member.content_bytes / kMostExpansion <= packed.size();
    room.resize(whole ? static_cast<std::size_t>(member.content_bytes) : 0);
    whole = whole && inflate_to(packed, room);
    content = room;
  }
  whole = whole && crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()) == member.crc;
  if (!whole) refuse(where, fmt::format("the content of its member {}", quote(member.name)));
  return content;
}

}  // namespace hillock
