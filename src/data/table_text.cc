// Decodes and checks the text in pieces of a few megabytes.
#include "data/table_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/foreign.h"
#include "data/text_encoding.h"
#include "hillock/error.h"

namespace hillock {
namespace {

void check(std::string_view text, std::string_view where, const FileText* file) {
  constexpr std::size_t kPieceBytes = 4 << 20;
  for (std::size_t from = 0; from < text.size();) {
    // Ends at the end of a line, which is never inside a character.
    const std::size_t end =
        std::min(text.find_first_of("\r\n", std::min(from + kPieceBytes, text.size())), text.size());
    const std::string_view piece = text.substr(from, end - from);
    if (const std::size_t zero = piece.find('\0'); zero != std::string_view::npos) {
      throw Error(fmt::format("{}: is not a table (byte {} is zero); give CSV, .npy or a directory of IDX files", where,
                              from + zero + 1));
    }
    if (find_invalid_utf8(piece)) (void)decode_text(text, "", where);  // throws, with the position in the whole text
    from = end;
    if (file != nullptr) file->release_before(text.data() + from);
  }
}

}  // namespace

TableText::TableText(std::string_view text, std::string_view where, const FileText* file, const ReadOptions& options)
    : view_(text), file_(file) {
  refuse_foreign_bytes(text, where);
  if (!options.encoding.empty() || !find_utf16(text).empty()) {
    decoded_ = decode_text(text, options.encoding, where);
  }
  if (decoded_) {
    view_ = *decoded_;
    file_ = nullptr;
  }
  check(view_, where, file_);
  refuse_foreign_text(view_, where);
}

}  // namespace hillock
