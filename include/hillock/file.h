// Reading and writing whole files. A failure throws Error `path: what went wrong (the system's reason); what to do`.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hillock {

// The contents of the file, held in memory. The path "-" reads stdin to its end.
std::string read_file(const std::string& path);

// Replaces the file atomically with the pieces, one after another: they are written to a new file `<path>.partial-…` in
// the same directory, which is flushed to disk and renamed, so that `path` holds either its old contents or all of the
// new bytes. If anything fails, the new file is removed. A symbolic link is followed; a device or pipe is written to
// directly. The path "-" is stdout.
void write_file(const std::string& path, std::span<const std::span<const std::byte>> pieces);
void write_file(const std::string& path, std::span<const std::byte> bytes);

// The same in several writes: `path` changes only in commit(). A device or pipe is written to directly.
class FileWriter {
 public:
  // Throws Error if the file cannot be created.
  explicit FileWriter(const std::string& path);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();  // without commit(), leaves `path` unchanged

  void write(std::string_view text);
  void commit();
  // The new file, which the caller must remove if the process ends before commit(); empty for a device or pipe.
  const std::string& partial_path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Throws the Error that write_file would throw now, if any: no such directory, no permission, `path` is a directory.
// Leaves nothing behind. Call it before long work whose result will be written there.
void require_writable(const std::string& path);

}  // namespace hillock
