// The content is unpacked into memory as a whole.
#include "data/extract.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/decompress.h"
#include "data/foreign.h"
#include "data/sqlite.h"
#include "data/zip.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// Files that packers add, and directories.
bool is_content(const ZipMember& member) {
  const std::size_t slash = member.name.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? member.name : member.name.substr(slash + 1);
  return !last.empty() && last[0] != '.' && !member.name.starts_with("__MACOSX/");
}

bool has_member(const std::vector<ZipMember>& members, std::string_view name) {
  return std::ranges::any_of(members, [&](const ZipMember& member) { return member.name == name; });
}

bool ends_in(const ZipMember& member, std::string_view ending) { return member.name.ends_with(ending); }

void refuse_documents(const std::vector<ZipMember>& members, const std::string& where) {
  constexpr std::string_view kReadExcel =
      "python3 -c \"import pandas; pandas.read_excel({file}).to_csv({table}, index=False)\"";
  if (has_member(members, "xl/workbook.xml") || has_member(members, "xl/workbook.bin")) {
    refuse_format(where, "an Excel workbook", kReadExcel);
  }
  if (has_member(members, "mimetype") && has_member(members, "content.xml")) {
    refuse_format(where, "an OpenDocument spreadsheet", kReadExcel);
  }
  if (has_member(members, "word/document.xml")) refuse_format(where, "a Word document", "");
  if (std::ranges::any_of(members, [](const ZipMember& member) { return ends_in(member, "data.pkl"); })) {
    refuse_format(where, "a file of PyTorch", "");
  }
}

// The one file, or the one that is called as a table is among others that are not.
const ZipMember& choose_member(const std::vector<ZipMember>& members, const std::string& where) {
  constexpr std::array<std::string_view, 7> kTables = {".csv", ".tsv", ".tab", ".data", ".dat", ".csv.gz", ".tsv.gz"};
  if (members.size() == 1) return members[0];
  const ZipMember* table = nullptr;
  int tables = 0;
  std::vector<std::string> names;
  for (const ZipMember& member : members) {
    names.push_back(printable(member.name));
    const bool is_table =
        std::ranges::any_of(kTables, [&](std::string_view ending) { return ends_in(member, ending); });
    const bool may_be_another = ends_in(member, ".txt") && !member.name.ends_with("README.txt");
    if (is_table) table = &member;
    if (is_table || may_be_another) ++tables;
  }
  if (members.empty()) throw Error(fmt::format("{}: is an archive without a file; pack a table into it", where));
  if (tables == 1 && table != nullptr) return *table;
  throw Error(fmt::format("{}: is an archive of {} files ({}); unpack it and give the one that is meant: unzip {}",
                          where, names.size(), list_names(names), shell_word(where)));
}

std::string unpack(std::string_view bytes, const std::string& where, std::vector<std::string>& notes) {
  std::vector<ZipMember> members = list_zip_members(bytes, where);
  refuse_documents(members, where);
  std::erase_if(members, [](const ZipMember& member) { return !is_content(member); });
  const ZipMember& member = choose_member(members, where);
  if (members.size() > 1) notes.push_back(fmt::format("of the archive, {} is read", quote(member.name)));
  std::string room;
  const std::string_view content = read_zip_member(bytes, member, room, where);
  if (content.data() != room.data()) room = content;
  return decompress_if_compressed(std::move(room), where);
}

void refuse_choice_of_table(const ReadOptions& options, const std::string& where) {
  if (!options.table.empty() && !options.query.empty()) {
    throw Error(fmt::format("{}: --table and --query both say which rows are read; leave one out", where),
                {{"--table"}, {"--query"}});
  }
  if (options.table.empty() && options.query.empty()) return;
  const std::string option = options.table.empty() ? "--query" : "--table";
  throw Error(fmt::format("{}: is not an SQLite database, to which {} belongs; leave it out", where, option),
              {{option}});
}

}  // namespace

bool is_npz(std::string_view bytes, const std::string& where) {
  const std::vector<ZipMember> members = list_zip_members(bytes, where);
  return members.empty() ||
         std::ranges::any_of(members, [](const ZipMember& member) { return ends_in(member, ".npy"); });
}

ReadOptions extract_table(FileText& file, const std::string& path, const ReadOptions& options,
                          std::vector<std::string>& notes) {
  const std::string where = path == "-" ? "stdin" : path;
  ReadOptions known = options;
  const bool both = !options.table.empty() && !options.query.empty();
  if (both || !begins_as_sqlite(file.view())) refuse_choice_of_table(options, where);
  if (begins_as_sqlite(file.view())) {
    file.assign(read_sqlite(path, options, notes));
    known.header = true;
    known.delimiter = ',';
    known.quote = '"';
    known.backslash_escapes = false;
    known.skip = 0;
    known.skip_end = 0;
    known.comment.clear();
    known.encoding.clear();
    known.table.clear();
    known.query.clear();
  } else if (begins_as_zip(file.view())) {
    file.assign(unpack(file.view(), where, notes));
  }
  return known;
}

}  // namespace hillock
