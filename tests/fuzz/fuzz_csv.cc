// Tables, by parse_table and, where the options are a model's, by TableReader, which must read the same.
//
// Each of the first four bytes chooses by its distance from 'A': the delimiter; header, decimal mark and comments; the
// encoding, quotes and skipped lines; target, types and what is done with missing cells. "AAAA" leaves everything open
// and takes the last column.
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "core/decompress.h"
#include "data/sqlite.h"
#include "data/zip.h"
#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {
namespace {

// A file without a name that holds the bytes.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : number_(::memfd_create("table", MFD_CLOEXEC)) {
    require(::write(number_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "memory for a file");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(number_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }

 private:
  int number_;
};

void choose_content(unsigned choice, ReadOptions& options) {
  constexpr std::array kTargets = {"last", "1", "t", "y"};
  options.target = kTargets[choice % 4];
  options.dtype = (choice & 4) != 0 ? DType::f64 : DType::f32;
  constexpr std::array kMissing = {Missing::impute, Missing::refuse, Missing::drop_rows, Missing::impute};
  options.missing = kMissing[choice / 8 % 4];
  switch (choice / 32) {
    case 1: options.task = Task::classification; break;
    case 2: options.task = Task::regression; break;
    case 3: options.require_target = false; break;
    case 4:
      options.weights = std::string("w"), options.group = std::string("g"), options.time = std::string("d");
      break;
    case 5: options.drop = {"2"}, options.numeric = {"1"}, options.categorical = {"last"}; break;
    case 6:  // a model's
      options.task = Task::classification;
      options.missing = Missing::impute;
      options.expected_columns = {"a", "b"};
      options.expected_categories = {{}, {"p", "q\"r", "s"}};
      options.expected_formats = {{"a", {.thousands = ",", .prefix = "$"}}};
      options.expected_classes = {"no", "yes"};
      break;
    case 7: options.missing_tokens = {{"", "0", "missing"}}; break;
    default: break;
  }
}

void choose_lines(std::size_t choice, ReadOptions& options) {
  switch (choice % 8) {
    case 1: options.quote = '\''; break;
    case 2: options.quote = '"', options.backslash_escapes = true; break;
    case 3: options.quote = '\0'; break;
    case 4: options.skip = 1; break;
    case 5: options.skip_end = 1; break;
    case 6: options.skip = 2, options.skip_end = 0; break;
    case 7: options.quote = '\'', options.backslash_escapes = true, options.skip_end = 2; break;
    default: break;
  }
}

ReadOptions choose_options(std::string_view four) {
  const auto choice = [&](std::size_t i) { return static_cast<unsigned char>(four[i] - 'A'); };
  ReadOptions options;
  constexpr std::string_view kDelimiters = "?,;\t| ";  // the first means that the delimiter is detected
  if (const std::size_t k = choice(0) % kDelimiters.size(); k > 0) options.delimiter = kDelimiters[k];
  if ((choice(1) & 1) != 0) options.header = (choice(1) & 2) != 0;
  if ((choice(1) & 4) != 0) options.decimal = ',';
  if ((choice(1) & 8) != 0) options.comment = std::string("#");  // g++ 12 warns of an assignment without it
  if ((choice(1) & 16) != 0) options.dates = (choice(1) & 32) != 0 ? DateForm::mdy : DateForm::dmy;
  if ((choice(1) & 64) != 0) {
    options.coerce = {"1"};
    options.added_missing_tokens = {"many"};
    if (options.decimal == '.') options.thousands = std::string(",");
  }
  if (options.delimiter == options.decimal) options.decimal = '.';  // the program refuses it
  constexpr std::array kEncodings = {"", "GB18030", "ISO-8859-1", "UTF-16", "UTF-8", "nonsense"};
  options.encoding = kEncodings[choice(2) % kEncodings.size()];
  choose_lines(choice(2) / kEncodings.size(), options);
  choose_content(choice(3), options);
  return options;
}

void require_same_parts(const std::string& text, const ReadOptions& options, const Dataset* whole) {
  const MemoryFile file(text);
  std::int64_t rows = 0;
  const bool read = accepts([&] {
    TableReader reader(file.path(), options);
    for (TableReader::Part part = reader.next(2); part.rows > 0; part = reader.next(2)) {
      if (whole == nullptr) continue;
      const std::int64_t before = rows * whole->feature_count();
      require(rows + part.rows <= whole->rows(), "parts hold no more rows than the whole");
      for (std::int64_t i = 0; i < part.features.elements(); ++i) {
        const double value = part.features.at(i), expected = whole->features.at(before + i);
        require(value == expected || (std::isnan(value) && std::isnan(expected)), "parts hold what the whole holds");
      }
      rows += part.rows;
    }
    for (const std::string& note : reader.notes()) require_message(note);
  });
  require(read == (whole != nullptr), "parts are read where the whole is");
  require(whole == nullptr || rows == whole->rows(), "parts hold as many rows as the whole");
}

}  // namespace

void csv(std::string_view bytes) {
  constexpr std::size_t kChoices = 4;
  if (bytes.size() <= kChoices) return;
  ReadOptions options = choose_options(bytes.substr(0, kChoices));
  std::string_view text = bytes.substr(kChoices);
  std::optional<std::string> unzipped;
  if (!accepts([&] {
        if (compression_of(text) != Compression::none)
          text = unzipped.emplace(decompress_if_compressed(std::string(text), "t.csv"));
      })) {
    return;
  }
  // A file of these bytes would be unpacked first: fuzz_file.cc.
  if (compression_of(text) != Compression::none || begins_as_zip(text) || begins_as_sqlite(text)) return;
  accepts([&] { require_loaded(parse_table(text, "t.csv", options), options); });
  if (options.expected_columns.empty()) return;
  options.require_target = false;
  std::optional<LoadedData> whole;
  accepts([&] { whole = parse_table(text, "t.csv", options); });
  require_same_parts(std::string(text), options, whole ? &whole->train : nullptr);
}

}  // namespace hillock::fuzz
