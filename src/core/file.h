// Files as readers of data take them: decompressed, or mapped instead of copied. Errors as in hillock/file.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "hillock/file.h"

namespace hillock {

// What read_file gives, decompressed if the bytes begin as gzip does. A truncated or damaged gzip file is an Error.
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

}  // namespace hillock
