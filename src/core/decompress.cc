// One loop for each library: feed, take what comes out, grow.
#include "core/decompress.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <climits>
#include <memory>

#include "core/large_block.h"
#include "hillock/error.h"
#include "hillock/text.h"
#ifdef HILLOCK_LZMA
#include <lzma.h>
#endif
#ifdef HILLOCK_BZIP2
#include <bzlib.h>
#endif

namespace hillock {
namespace {

constexpr std::string_view kGzip = "\x1f\x8b\x08";
constexpr std::string_view kXz("\xFD\x37\x7A\x58\x5A\x00", 6);
constexpr std::string_view kBzip2 = "BZh";

[[noreturn]] void refuse_end(std::string_view what, std::size_t bytes, const std::string& where) {
  throw Error(fmt::format("{}: the {} data end after {} bytes, before the end of the content; fetch the file again",
                          where, what, bytes));
}

[[noreturn]] void refuse_damage(std::string_view what, const std::string& where) {
  throw Error(fmt::format("{}: the {} data are damaged; fetch the file again", where, what));
}

// A gzip file ends with the length of its content modulo 2^32. This is only a hint, since a file may consist of several
// members and the four bytes may be wrong. Deflate compresses by a factor of 1032 at most.
std::size_t content_bytes_hint(std::string_view in) {
  constexpr std::size_t kMostExpansion = 1032;
  if (in.size() < 18) return 0;
  std::size_t hint = 0;
  for (std::size_t k = 0; k < 4; ++k)
    hint |= static_cast<std::size_t>(static_cast<unsigned char>(in[in.size() - 4 + k])) << (8 * k);
  return hint <= in.size() * kMostExpansion ? hint : 0;
}

// Inflates the gzip member at the front of `in` to out[filled…), which grows as needed, and adds the number of bytes
// written to `filled`. Returns the number of bytes that the member occupied.
std::size_t inflate_member(std::string_view in, std::string& out, std::size_t& filled, const std::string& where) {
  constexpr std::size_t kLeastRoom = 1 << 18;
  // clears no more at a time than this: the hint may be wrong, and memory that is touched counts
  constexpr std::size_t kMostRoom = 1 << 24;
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw Error(fmt::format("{}: no memory to decompress", where));
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, inflateEnd);
  std::size_t fed = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    if (stream.avail_in == 0) {
      const std::size_t take = std::min<std::size_t>(in.size() - fed, UINT_MAX);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data() + fed));
      stream.avail_in = static_cast<uInt>(take);
      fed += take;
    }
    if (filled == out.size()) {
      const std::size_t reserved = out.capacity() - out.size();
      out.resize(out.size() + (reserved > 0 ? std::min(reserved, kMostRoom) : std::max(out.size(), kLeastRoom)));
    }
    const std::size_t room = std::min<std::size_t>(out.size() - filled, UINT_MAX);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    filled += room - stream.avail_out;
  }
  const std::size_t used = fed - stream.avail_in;
  if (status == Z_BUF_ERROR) refuse_end("gzip", in.size(), where);
  if (status != Z_STREAM_END) refuse_damage("gzip", where);
  return used;
}

std::string gunzip(std::string_view in, const std::string& where) {
  std::string out;
  out.reserve(content_bytes_hint(in) + 1);  // one byte more, so that the end is found without growing
  prefer_large_pages(out.data(), out.capacity());
  std::size_t filled = 0;
  // Several members may follow each other; tar and tapes pad with zeros.
  while (!in.empty() && in.find_first_not_of('\0') != std::string_view::npos) {
    if (compression_of(in) != Compression::gzip) {
      throw Error(fmt::format("{}: {} bytes follow the gzip data; fetch the file again", where, in.size()));
    }
    in.remove_prefix(inflate_member(in, out, filled, where));
  }
  out.resize(filled);
  return out;
}

#if defined(HILLOCK_LZMA) || defined(HILLOCK_BZIP2)
// Doubles the room behind `filled`, of which there is none.
void grow(std::string& out) {
  constexpr std::size_t kLeast = 1 << 18;
  out.resize(std::max(out.size() * 2, kLeast));
}
#endif

#if !defined(HILLOCK_LZMA) || !defined(HILLOCK_BZIP2)
[[noreturn]] void refuse_unread(std::string_view program, const std::string& where) {
  throw Error(
      fmt::format("{}: is compressed by {}, which this build of Hillock does not read; decompress it: {} -dk {}", where,
                  program, program, shell_word(where)));
}
#endif

#ifdef HILLOCK_LZMA
// Streams may follow each other.
std::string unxz(std::string_view in, const std::string& where) {
  constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 30;  // of the decoder: 64 MiB at xz -9
  lzma_stream stream = LZMA_STREAM_INIT;
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream*)> ended(&stream, lzma_end);
  if (lzma_stream_decoder(&stream, kMostMemory, LZMA_CONCATENATED) != LZMA_OK) {
    throw Error(fmt::format("{}: no memory to decompress", where));
  }
  stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  stream.avail_in = in.size();
  std::string out;
  std::size_t filled = 0;
  lzma_ret status = LZMA_OK;
  while (status == LZMA_OK) {
    if (filled == out.size()) grow(out);
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data() + filled);
    stream.avail_out = out.size() - filled;
    status = lzma_code(&stream, LZMA_FINISH);
    filled = out.size() - stream.avail_out;
  }
  if (status == LZMA_BUF_ERROR) refuse_end("xz", in.size(), where);
  if (status == LZMA_MEMLIMIT_ERROR) {
    throw Error(fmt::format("{}: takes more than {} MiB of memory to decompress; decompress it: xz -dk {}", where,
                            kMostMemory >> 20, shell_word(where)));
  }
  if (status != LZMA_STREAM_END) refuse_damage("xz", where);
  out.resize(filled);
  return out;
}
#else
std::string unxz(std::string_view, const std::string& where) { refuse_unread("xz", where); }
#endif

#ifdef HILLOCK_BZIP2
// Decompresses the stream at the front of `in` to out[filled…) and returns how many bytes it occupied.
std::size_t bunzip2_stream(std::string_view in, std::string& out, std::size_t& filled, const std::string& where) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw Error(fmt::format("{}: no memory to decompress", where));
  const std::unique_ptr<bz_stream, int (*)(bz_stream*)> ended(&stream, BZ2_bzDecompressEnd);
  std::size_t fed = 0;
  int status = BZ_OK;
  while (status == BZ_OK) {
    if (stream.avail_in == 0) {
      const std::size_t take = std::min<std::size_t>(in.size() - fed, UINT_MAX);
      stream.next_in = const_cast<char*>(in.data() + fed);
      stream.avail_in = static_cast<unsigned>(take);
      fed += take;
    }
    if (filled == out.size()) grow(out);
    const std::size_t room = std::min<std::size_t>(out.size() - filled, UINT_MAX);
    const std::size_t left = in.size() - fed + stream.avail_in;
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<unsigned>(room);
    status = BZ2_bzDecompress(&stream);
    filled += room - stream.avail_out;
    if (status == BZ_OK && left == 0 && stream.avail_out > 0) refuse_end("bzip2", in.size(), where);
  }
  if (status != BZ_STREAM_END) refuse_damage("bzip2", where);
  return fed - stream.avail_in;
}

std::string bunzip2(std::string_view in, const std::string& where) {
  std::string out;
  std::size_t filled = 0;
  while (!in.empty()) {
    if (compression_of(in) != Compression::bzip2) {
      throw Error(fmt::format("{}: {} bytes follow the bzip2 data; fetch the file again", where, in.size()));
    }
    in.remove_prefix(bunzip2_stream(in, out, filled, where));
  }
  out.resize(filled);
  return out;
}
#else
std::string bunzip2(std::string_view, const std::string& where) { refuse_unread("bzip2", where); }
#endif

}  // namespace

Compression compression_of(std::string_view bytes) {
  constexpr std::string_view kBlock = "\x31\x41\x59\x26\x53\x59", kEnd("\x17\x72\x45\x38\x50\x90", 6);
  constexpr std::size_t kHeader = 4;
  if (bytes.starts_with(kGzip)) return Compression::gzip;
  if (bytes.starts_with(kXz)) return Compression::xz;
  if (!bytes.starts_with(kBzip2) || bytes.size() < kHeader || bytes[3] < '1' || bytes[3] > '9')
    return Compression::none;
  const std::string_view content = bytes.substr(kHeader);
  return content.starts_with(kBlock) || content.starts_with(kEnd) ? Compression::bzip2 : Compression::none;
}

std::string decompress_if_compressed(std::string bytes, const std::string& where) {
  switch (compression_of(bytes)) {
    case Compression::gzip: return gunzip(bytes, where);
    case Compression::xz: return unxz(bytes, where);
    case Compression::bzip2: return bunzip2(bytes, where);
    case Compression::none: break;
  }
  return bytes;
}

}  // namespace hillock
