// Reads data files: decompressed, or mapped instead of copied. Errors are those of hillock/file.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "hillock/file.h"

namespace hillock {

// As read_file, but decompresses what is compressed (core/decompress.h).
std::string read_decompressed_file(const std::string& path);

// The text of a file, decompressed if it is compressed. A large plain file is mapped instead of copied into memory, so
// it must not be shortened while this object lives.
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
  // Releases the memory of a mapped file before `at`. The text is read from the file again if accessed later.
  void release_before(const char* at) const;
  // Replaces the text.
  void assign(std::string text);

 private:
  void unmap();

  std::string owned_;
  char* mapped_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace hillock
