// Reads whole files, decompresses gzip, and writes files atomically with POSIX calls.
#include "core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/decompress.h"
#include "core/large_block.h"
#include "hillock/error.h"

namespace hillock {
namespace {

constexpr std::string_view kStandard = "-";  // stdin or stdout

std::string reason(int error) { return std::strerror(error); }

// Owns a descriptor. close() throws the errors that the destructor has to ignore.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

// A string of `count` zeros, to be overwritten.
std::string blank_bytes(std::size_t count) {
  std::string bytes;
  bytes.reserve(count);
  prefer_large_pages(bytes.data(), count);
  bytes.resize(count);
  return bytes;
}

// Reads to the end; `expected_bytes` is a hint that saves copies.
std::string read_all(int descriptor, std::size_t expected_bytes, const std::string& where) {
  std::string bytes = blank_bytes(expected_bytes + 1);  // one byte more, so that the end is found without growing
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(std::max<std::size_t>(bytes.size() * 2, 1 << 16));
    const ssize_t got = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(fmt::format("{}: cannot be read ({}); give another file", where, reason(errno)));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error cannot_write(const std::string& path, int error) {
  const char* remedy = "choose another path";
  if (error == ENOENT) remedy = "create the directory or choose another path";
  if (error == EFBIG) remedy = "raise the limit on the size of files (ulimit -f) or choose another path";
  if (error == ENOSPC || error == EDQUOT) remedy = "free some space or choose another path";
  return Error(fmt::format("{}: cannot be written ({}); {}", path, reason(error), remedy));
}

// Where the bytes written to `path` go.
struct Destination {
  std::string path;            // with symbolic links resolved
  bool regular = true;         // false for a device or a pipe, which is written in place
  std::optional<mode_t> mode;  // of the file that is replaced, if there is one
};

Destination find_destination(const std::string& path) {
  if (path.empty()) throw Error("output: the path is empty; name a file");
  if (path == kStandard) return {path, false, {}};
  Destination destination{path, true, {}};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) throw cannot_write(path, errno);
    if (path.back() == '/') throw cannot_write(path, EISDIR);
    return destination;
  }
  if (S_ISDIR(status.st_mode)) throw cannot_write(path, EISDIR);
  if (::access(path.c_str(), W_OK) != 0) throw cannot_write(path, errno);
  destination.regular = S_ISREG(status.st_mode);
  destination.mode = status.st_mode & 07777;
  if (char* resolved = ::realpath(path.c_str(), nullptr)) {
    destination.path = resolved;
    std::free(resolved);
  }
  return destination;
}

// A new file in the destination's directory, removed by the destructor unless it was renamed.
class PartialFile {
 public:
  PartialFile(const std::string& shown_path, const Destination& destination) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      path_ = fmt::format("{}.partial-{}-{}", destination.path, ::getpid(), attempt);
      const int number = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (number >= 0) {
        descriptor_ = std::make_unique<Descriptor>(number);
        if (destination.mode) ::fchmod(number, *destination.mode);
        return;
      }
      if (errno != EEXIST) break;
    }
    throw cannot_write(shown_path, errno);
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() {
    if (!renamed_) ::unlink(path_.c_str());
  }
  Descriptor& descriptor() { return *descriptor_; }
  const std::string& path() const { return path_; }
  bool rename_to(const std::string& path) {
    renamed_ = ::rename(path_.c_str(), path.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string path_;
  std::unique_ptr<Descriptor> descriptor_;
  bool renamed_ = false;
};

void write_all(const Descriptor& descriptor, std::span<const std::byte> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor.number(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw cannot_write(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

}  // namespace

std::string read_file(const std::string& path) {
  if (path.empty()) throw Error("input: the path is empty; name a file");
  if (path == "-") return read_all(STDIN_FILENO, 0, "stdin");
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) {
    const int error = errno;
    const char* remedy = error == EACCES ? "allow reading it" : "check the path";
    throw Error(fmt::format("{}: cannot be opened ({}); {}", path, reason(error), remedy));
  }
  if (S_ISDIR(status.st_mode)) throw Error(fmt::format("{}: is a directory; name a file", path));
  const auto expected = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  return read_all(descriptor.number(), expected, path);
}

std::string read_decompressed_file(const std::string& path) {
  return decompress_if_compressed(read_file(path), path == "-" ? "stdin" : path);
}

FileText::FileText(const std::string& path) {
  constexpr off_t kLarge = 16 << 20;
  const Descriptor file(path == "-" ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (file.number() >= 0 && ::fstat(file.number(), &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= kLarge) {
    const auto bytes = static_cast<std::size_t>(about.st_size);
    void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file.number(), 0);
    if (mapped != MAP_FAILED) {
      mapped_ = static_cast<char*>(mapped);
      bytes_ = bytes;
      if (compression_of(view()) == Compression::none) return;
      unmap();
    }
  }
  owned_ = read_decompressed_file(path);
}

FileText::~FileText() { unmap(); }

void FileText::unmap() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_);
  mapped_ = nullptr;
}

void FileText::assign(std::string text) {
  unmap();
  owned_ = std::move(text);
}

void FileText::release_before(const char* at) const {
  constexpr std::size_t kLeast = 8 << 20;  // releasing less is not worth the system call
  if (mapped_ == nullptr || at < mapped_ + kLeast || at > mapped_ + bytes_) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t front = static_cast<std::size_t>(at - mapped_) / page * page;
  ::madvise(mapped_, front, MADV_DONTNEED);
}

struct FileWriter::State {
  explicit State(const std::string& path_in) : path(path_in), destination(find_destination(path_in)) {
    if (destination.regular) {
      partial.emplace(path, destination);
      return;
    }
    const bool standard = path == kStandard;
    device.emplace(standard ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (standard) path = "stdout";  // for messages
    if (device->number() < 0) throw cannot_write(path, errno);
  }

  std::string path;
  Destination destination;
  std::optional<PartialFile> partial;
  std::optional<Descriptor> device;
};

FileWriter::FileWriter(const std::string& path) : state_(std::make_unique<State>(path)) {}
FileWriter::~FileWriter() = default;

void FileWriter::write(std::string_view text) {
  write_all(state_->partial ? state_->partial->descriptor() : *state_->device, std::as_bytes(std::span(text)),
            state_->path);
}

const std::string& FileWriter::partial_path() const {
  static const std::string none;
  return state_->partial ? state_->partial->path() : none;
}

void FileWriter::commit() {
  if (!state_->partial) return;
  PartialFile& partial = *state_->partial;
  const std::string& path = state_->path;
  if (::fsync(partial.descriptor().number()) != 0) throw cannot_write(path, errno);
  if (!partial.descriptor().close()) throw cannot_write(path, errno);
  if (!partial.rename_to(state_->destination.path)) throw cannot_write(path, errno);
  // Flushing the directory makes the rename itself durable. Some file systems cannot flush a directory; the file is
  // complete all the same.
  const Descriptor directory(
      ::open(directory_of(state_->destination.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() >= 0) ::fsync(directory.number());
}

void write_file(const std::string& path, std::span<const std::span<const std::byte>> pieces) {
  FileWriter file(path);
  for (const std::span<const std::byte> piece : pieces) {
    file.write({reinterpret_cast<const char*>(piece.data()), piece.size()});
  }
  file.commit();
}

void write_file(const std::string& path, std::span<const std::byte> bytes) { write_file(path, std::span(&bytes, 1)); }

void require_writable(const std::string& path) {
  const Destination destination = find_destination(path);
  if (destination.regular) PartialFile(path, destination);
}

}  // namespace hillock
