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

// Writes the pieces one after another: into a new file `<path>.partial-…` beside it, flushed to the disk, then renamed,
// so that `path` holds either what it held before or all of the new bytes. On any failure the new file is removed. A
// symbolic link is followed; a device or pipe is written to directly. The path "-" is stdout.
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
