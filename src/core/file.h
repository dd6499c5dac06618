// Whole files in, whole files out. Every failure is an Error `path: what went wrong (the system's reason); what to do`.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hillock {

// The bytes of the file, all in memory; the path "-" reads stdin to its end.
std::string read_file(const std::string& path);

// The same, decompressed if the bytes begin as gzip does. A truncated or damaged gzip file is an Error.
std::string read_possibly_gzipped_file(const std::string& path);

// The bytes as they are, or decompressed if they begin as gzip does; `where` stands for the path in messages.
std::string gunzip_if_gzipped(std::string bytes, const std::string& where);

// Writes the pieces one after another: into a new file `<path>.partial-…` beside it, flushed to the disk, then renamed,
// so that `path` holds either what it held before or all of the new bytes. On any failure the new file is removed. A
// symbolic link is followed; a device or pipe is written to directly.
void write_file(const std::string& path, std::span<const std::span<const std::byte>> pieces);
void write_file(const std::string& path, std::span<const std::byte> bytes);

// Throws the Error that write_file would throw now: no such directory, no permission, a directory of that name. Leaves
// nothing behind. Call it before work whose result is to be written there.
void require_writable(const std::string& path);

}  // namespace hillock
