// A table's text, checked and converted to UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/file.h"
#include "hillock/data.h"

namespace hillock {

class TableText {
 public:
  // Decodes `text` as the options say and checks it. `file`, if it is not nullptr, is the file that holds the text; all
  // arguments must outlive this object. Throws Error for text in another encoding and for bytes that are not text.
  TableText(std::string_view text, std::string_view where, const FileText* file, const ReadOptions& options);
  TableText(const TableText&) = delete;
  TableText& operator=(const TableText&) = delete;

  std::string_view view() const { return view_; }
  // The file that holds the text; nullptr if it is in memory.
  const FileText* file() const { return file_; }

 private:
  std::optional<std::string> decoded_;
  std::string_view view_;
  const FileText* file_;
};

}  // namespace hillock
