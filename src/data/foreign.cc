// Every command is run by a test that makes such a file, where the tools are there.
#include "data/foreign.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

using namespace std::string_view_literals;

// A format by the bytes at a place of the file. `command`: empty if nothing makes a table of it.
struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view format;
  std::string_view command;
};

#define HILLOCK_PANDAS(reader) "python3 -c \"import pandas; pandas." reader "({file}).to_csv({table}, index=False)\""

constexpr std::string_view kScipy =
    "python3 -c \"import scipy.io; print({k: v.shape for k, v in scipy.io.loadmat({file}).items() if k[0] != '_'})\"";

constexpr std::array kSignatures = {
    Signature{0, "PAR1"sv, "a Parquet file", HILLOCK_PANDAS("read_parquet")},
    Signature{0, "ARROW1\0\0"sv, "an Arrow (Feather) file", HILLOCK_PANDAS("read_feather")},
    Signature{0, "FEA1"sv, "a Feather file", HILLOCK_PANDAS("read_feather")},
    Signature{0, "\xFF\xFF\xFF\xFF\x10\0\0\0"sv, "an Arrow stream",
              "python3 -c \"import pyarrow; pyarrow.ipc.open_stream({file}).read_pandas().to_csv({table}, "
              "index=False)\""},
    Signature{0, "Obj\x01"sv, "an Avro file", ""},
    Signature{0, "ORC"sv, "an ORC file", HILLOCK_PANDAS("read_orc")},
    Signature{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an Excel workbook (.xls)", HILLOCK_PANDAS("read_excel")},
    Signature{0, "\x89HDF\r\n\x1A\n"sv, "an HDF5 file", HILLOCK_PANDAS("read_hdf")},
    Signature{0, "MATLAB 5.0 MAT-file"sv, "a MATLAB file", kScipy},
    Signature{0, "$FL2"sv, "an SPSS file", HILLOCK_PANDAS("read_spss")},
    Signature{0, "$FL3"sv, "an SPSS file", HILLOCK_PANDAS("read_spss")},
    Signature{0, "<stata_dta>"sv, "a Stata file", HILLOCK_PANDAS("read_stata")},
    Signature{
        0, "\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60"sv, "a SAS file",
        "python3 -c \"import pandas; pandas.read_sas({file}, format='sas7bdat', encoding='infer').to_csv({table}, "
        "index=False)\""},
    Signature{0, "HEADER RECORD*******LIBRARY HEADER RECORD"sv, "a SAS transport file",
              "python3 -c \"import pandas; pandas.read_sas({file}, format='xport', encoding='utf-8').to_csv({table}, "
              "index=False)\""},
    Signature{0, "RDX2\n"sv, "an R workspace",
              "Rscript -e 'e <- new.env(); n <- load({file}, e); write.csv(e[[n[1]]], {table}, row.names = FALSE)'"},
    Signature{0, "RDX3\n"sv, "an R workspace",
              "Rscript -e 'e <- new.env(); n <- load({file}, e); write.csv(e[[n[1]]], {table}, row.names = FALSE)'"},
    Signature{0, "X\n\0\0\0"sv, "an R object", "Rscript -e 'write.csv(readRDS({file}), {table}, row.names = FALSE)'"},
    Signature{0, "%PDF-"sv, "a PDF document", ""},
    Signature{0, "\x89PNG\r\n\x1A\n"sv, "a picture (PNG)", ""},
    Signature{0, "\xFF\xD8\xFF"sv, "a picture (JPEG)", ""},
    Signature{0, "GIF8"sv, "a picture (GIF)", ""},
    Signature{0, "\x28\xB5\x2F\xFD"sv, "compressed by zstd", "zstd -d {file}"},
    Signature{0, "\x04\x22\x4D\x18"sv, "compressed by lz4", "lz4 -d {file}"},
    Signature{0, "\x1F\x9D"sv, "compressed by compress", "gunzip -k {file}"},
    Signature{0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", "7z x {file}"},
    Signature{0, "Rar!\x1A\x07"sv, "a RAR archive", "unrar x {file}"},
    Signature{257, "ustar"sv, "a tar archive", "tar xf {file}"},
};

#undef HILLOCK_PANDAS

// A text in single quotes for Python or R, within a shell's double quotes.
std::string in_single_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += "\\\\";
    if (c == '"' || c == '$' || c == '`') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// "data.csv" for "data.parquet".
std::string table_name(std::string_view where) {
  return std::filesystem::path(std::string(where)).replace_extension(".csv").string();
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// The command for this file; where the names stand for Python and R they are quoted.
std::string command_for(std::string_view where, std::string_view command) {
  std::string text(command);
  const bool is_code = command.starts_with("python3 -c") || command.starts_with("Rscript");
  std::string file = where == "stdin" ? "FILE" : printable(where), table = table_name(file);
  if (command.starts_with("Rscript")) {  // within single quotes of the shell
    file = '"' + file + '"', table = '"' + table + '"';
  } else {
    file = is_code ? in_single_quotes(file) : shell_word(file);
    table = is_code ? in_single_quotes(table) : shell_word(table);
  }
  replace_all(text, "{file}", file);
  replace_all(text, "{table}", table);
  return text;
}

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool starts_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char l, char c) {
           return l == (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
         });
}

// The first lines that are not blank, without the blanks around them.
std::vector<std::string_view> first_lines(std::string_view text, std::size_t count) {
  std::vector<std::string_view> lines;
  while (lines.size() < count && !(text = skip_blanks(text)).empty()) {
    std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(line.size());
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = skip_blanks(line)).empty()) {
    words.push_back(line.substr(0, line.find_first_of(" \t")));
    line.remove_prefix(words.back().size());
  }
  return words;
}

bool is_letter(char c) { return c >= ' ' && c <= '~'; }

bool is_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && stop == word.data() + word.size();
}

std::optional<std::size_t> whole_number(std::string_view word) {
  std::size_t value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || stop != word.data() + word.size()) return std::nullopt;
  return value;
}

// "12:30" is a time of day.
bool looks_like_time(std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon <= 2 && word.size() == colon + 3;
}

// "1 3:0.5 7:2 # comment": a number, or several separated by commas, and features by number.
bool is_libsvm_line(std::string_view line, bool& has_features) {
  const std::vector<std::string_view> words = words_of(line.substr(0, line.find('#')));
  if (words.empty()) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t colon = words[i].find(':');
    if (i == 0) {
      std::string_view labels = words[0];
      if (labels.find_first_not_of("0123456789+-.eE,") != std::string_view::npos) return false;
      if (!is_number(labels.substr(0, labels.find(',')))) return false;
      continue;
    }
    if (colon == std::string_view::npos || !is_number(words[i].substr(colon + 1))) return false;
    const std::string_view index = words[i].substr(0, colon);
    if (index != "qid" && !whole_number(index)) return false;
    has_features = has_features || !looks_like_time(words[i]);
  }
  return true;
}

bool is_libsvm(std::string_view text) {
  constexpr std::size_t kLines = 5;
  const std::vector<std::string_view> lines = first_lines(text, kLines);
  bool has_features = false;
  return !lines.empty() &&
         std::ranges::all_of(lines, [&](std::string_view line) { return is_libsvm_line(line, has_features); }) &&
         has_features;
}

// FANN: "rows inputs outputs", then inputs and outputs in lines of their own.
bool is_fann(std::string_view text) {
  constexpr std::size_t kLines = 5;
  const std::vector<std::string_view> lines = first_lines(text, kLines);
  if (lines.size() < 3) return false;
  std::vector<std::size_t> sizes;
  for (const std::string_view word : words_of(lines[0])) {
    const std::optional<std::size_t> size = whole_number(word);
    if (!size || *size == 0) return false;
    sizes.push_back(*size);
  }
  if (sizes.size() != 3) return false;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    const std::vector<std::string_view> words = words_of(lines[line]);
    if (words.size() != sizes[line % 2 == 1 ? 1 : 2] || !std::ranges::all_of(words, is_number)) return false;
  }
  if (sizes[1] != 3 || sizes[2] != 3) return true;
  // A table of three columns looks the same; the number of its lines decides.
  std::size_t count = 0;
  for (std::string_view rest = skip_blanks(text); !rest.empty(); rest = skip_blanks(rest)) {
    rest.remove_prefix(std::min(rest.find_first_of("\r\n"), rest.size()));
    ++count;
  }
  return count == 2 * sizes[0] + 1;
}

enum class Json { none, lines, array_lines, whole };

Json find_json(std::string_view text) {
  text = skip_blanks(text);
  const char first = text.empty() ? ' ' : text[0];
  if (first != '{' && first != '[') return Json::none;
  const std::string_view inner = skip_blanks(text.substr(1));
  if (inner.empty()) return Json::none;
  const std::vector<std::string_view> lines = first_lines(text, 2);
  if (first == '{') {
    if (inner[0] != '"' && inner[0] != '}') return Json::none;
    return lines[0].ends_with('}') && (lines.size() == 1 || lines[1].starts_with('{')) ? Json::lines : Json::whole;
  }
  if (inner[0] == '{' || inner[0] == '[') return Json::whole;
  const bool closed = std::ranges::all_of(lines, [](std::string_view line) {
    return line.starts_with('[') && (line.ends_with(']') || line.ends_with("],"));
  });
  const bool values = inner[0] == '"' || inner[0] == '-' || (inner[0] >= '0' && inner[0] <= '9');
  return closed && values && lines.size() == 2 ? Json::array_lines : Json::none;
}

// Nominal values in single quotes are read as such.
constexpr std::string_view kFromArff =
    R"(awk 'd&&NF&&!/^%/; tolower($1)=="@attribute"{sub(/^[^ \t]+[ \t]+/,"");match($0,/^\047[^\047]*\047|^"[^"]*"|^[^ \t]+/);)"
    R"(a=substr($0,1,RLENGTH);gsub(/[\047"]/,"",a);n=n s a;s=","} tolower($1)~/^@data/{print n;d=1}' {file} > {table})";

constexpr std::string_view kFromLibsvm =
    "python3 -c \"import numpy, sklearn.datasets as d; x, y = d.load_svmlight_file({file}); "
    "numpy.savetxt({table}, numpy.c_[x.toarray(), y], '%.17g', ',')\"";

constexpr std::string_view kFromFann = "tail -n +2 {file} | paste -d ' ' - - > {table}";

}  // namespace

void refuse_format(std::string_view where, std::string_view format, std::string_view command) {
  const std::string advice = command.empty() ? "give a table as text (CSV) instead"
                                             : fmt::format("make a table of it: {}", command_for(where, command));
  throw Error(fmt::format("{}: is {}, which is not read here; {}", where, format, advice));
}

void refuse_foreign_bytes(std::string_view bytes, std::string_view where) {
  if (bytes.empty()) return;
  constexpr std::size_t kBeginning = 4096;
  const bool is_text = bytes.substr(0, kBeginning).find('\0') == std::string_view::npos;
  for (const Signature& signature : kSignatures) {
    if (bytes.size() < signature.at || !bytes.substr(signature.at).starts_with(signature.bytes)) continue;
    // A table's first name may be ORC.
    constexpr std::size_t kUnmistakable = 5;
    const bool short_word = signature.bytes.size() < kUnmistakable && std::ranges::all_of(signature.bytes, is_letter);
    if (is_text && short_word) continue;
    refuse_format(where, signature.format, signature.command);
  }
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  if (byte(0) == 0x80 && byte(1) >= 2 && byte(1) <= 5 && bytes.back() == '.') {
    refuse_format(where, "a Python pickle, which may run any program when it is read",
                  "python3 -c \"import pandas; pandas.DataFrame(pandas.read_pickle({file})).to_csv({table}, "
                  "index=False)\"");
  }
  const bool old_stata =
      byte(0) >= 0x69 && byte(0) <= 0x73 && (byte(1) == 1 || byte(1) == 2) && byte(2) == 1 && byte(3) == 0;
  if (old_stata) {
    refuse_format(where, "a Stata file",
                  "python3 -c \"import pandas; pandas.read_stata({file}).to_csv({table}, index=False)\"");
  }
}

void refuse_foreign_text(std::string_view text, std::string_view where) {
  text = skip_blanks(text);
  std::string_view arff = text;
  while (arff.starts_with('%')) arff = skip_blanks(arff.substr(std::min(arff.find_first_of("\r\n"), arff.size())));
  if (starts_ignoring_case(arff, "@relation")) refuse_format(where, "an ARFF file", kFromArff);
  if (starts_ignoring_case(text, "<!doctype html") || starts_ignoring_case(text, "<html") ||
      starts_ignoring_case(text, "<table")) {
    refuse_format(where, "an HTML page",
                  "python3 -c \"import pandas; pandas.read_html({file})[0].to_csv({table}, index=False)\"");
  }
  if (text.starts_with("<?xml")) {
    refuse_format(where, "an XML file",
                  "python3 -c \"import pandas; pandas.read_xml({file}).to_csv({table}, index=False)\"");
  }
  if (text.starts_with("version https://git-lfs.github.com/spec/")) {
    throw Error(fmt::format("{}: is a pointer of Git LFS to the file; fetch the file itself: git lfs pull", where));
  }
  switch (find_json(text)) {
    case Json::lines:
      refuse_format(where, "a JSON lines file",
                    "python3 -c \"import pandas; pandas.read_json({file}, lines=True).to_csv({table}, index=False)\"");
    case Json::array_lines:
      refuse_format(where, "a file of JSON arrays",
                    "python3 -c \"import csv, json; csv.writer(open({table}, 'w')).writerows(map(json.loads, "
                    "open({file})))\"");
    case Json::whole:
      refuse_format(where, "a JSON file",
                    "python3 -c \"import pandas; pandas.read_json({file}).to_csv({table}, index=False)\"");
    case Json::none: break;
  }
  if (is_libsvm(text)) refuse_format(where, "a libsvm file", kFromLibsvm);
  if (is_fann(text)) refuse_format(where, "FANN's training data", kFromFann);
}

}  // namespace hillock
