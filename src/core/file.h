// Whole files in, whole files out. Every failure is an Error `path: what went wrong (the system's reason); what to do`.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hillock {

// The bytes of the file, all in memory; the path "-" reads stdin to its end.
std::string read_file(const std::string& path);

// The same, decompressed if the bytes begin as gzip does. A truncated or damaged gzip file is an Error.
std::string read_possibly_gzipped_file(const std::string& path);

// A file's text, decompressed if it is gzip. A large plain file is not copied into memory but mapped, so that it must
// not be shortened while this lives.
class FileText {
 public:
  // "-" is stdin.
  explicit FileText(const std::string& path);
  FileText(const FileText&) = delete;
  FileText& operator=(const FileText&) = delete;
  ~FileText();

  std::string_view view() const {
    return mapped_ != nullptr ? std::string_view(mapped_, bytes_) : std::string_view(owned_);
  }
  // Memory that holds a mapped file's text before `at` may be used for something else until it is asked for again.
  void release_before(const char* at) const;
  // Replaces the text.
  void assign(std::string text);

 private:
  void unmap();

  std::string owned_;
  char* mapped_ = nullptr;
  std::size_t bytes_ = 0;
};

// The bytes as they are, or decompressed if they begin as gzip does; `where` stands for the path in messages.
std::string gunzip_if_gzipped(std::string bytes, const std::string& where);

// Writes the pieces one after another: into a new file `<path>.partial-…` beside it, flushed to the disk, then renamed,
// so that `path` holds either what it held before or all of the new bytes. On any failure the new file is removed. A
// symbolic link is followed; a device or pipe is written to directly.
void write_file(const std::string& path, std::span<const std::span<const std::byte>> pieces);
void write_file(const std::string& path, std::span<const std::byte> bytes);

// The same in several writes: what was written is there only after commit(). A device or pipe is written to directly.
class FileWriter {
 public:
  // Throws Error if the file cannot be made.
  explicit FileWriter(const std::string& path);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();  // without commit(): leaves `path` as it was

  void write(std::string_view text);
  void commit();
  // The new file, which has to be removed should the process end before commit(); empty for a device or pipe.
  const std::string& partial_path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Throws the Error that write_file would throw now: no such directory, no permission, a directory of that name. Leaves
// nothing behind. Call it before work whose result is to be written there.
void require_writable(const std::string& path);

}  // namespace hillock
