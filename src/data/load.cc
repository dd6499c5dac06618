// Finds out what kind of source was asked for and calls its reader.
#include <fmt/format.h>

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <utility>

#include "core/file.h"
#include "core/sha256.h"
#include "data/extract.h"
#include "data/sources.h"
#include "data/zip.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

namespace fs = std::filesystem;

// The last component of the path, without the endings of data files.
std::string stem_of(const std::string& what) {
  if (what == "-") return "stdin";
  fs::path path = fs::path(what).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // "mnist/"
  std::string stem = path.filename().string();
  const auto remove_ending = [&](std::initializer_list<std::string_view> endings) {
    for (const std::string_view ending : endings) {
      if (stem.size() <= ending.size() || !stem.ends_with(ending)) continue;
      stem.resize(stem.size() - ending.size());
      return;
    }
  };
  remove_ending({".gz", ".xz", ".bz2", ".zip"});
  remove_ending({".csv", ".tsv", ".tab", ".txt", ".data", ".npy", ".npz", ".db", ".sqlite", ".sqlite3"});
  return stem.empty() || stem == "." || stem == ".." ? "data" : stem;
}

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

LoadedData read_content(FileText& file, const std::string& what, const ReadOptions& options) {
  const std::string where = what == "-" ? "stdin" : what;
  const std::string_view bytes = file.view();
  if (bytes.empty()) throw Error(fmt::format("{}: is empty; give a file with a row for each example", where));
  if (begins_as_npy(bytes)) return read_npy(bytes, where, options);
  if (begins_as_idx(bytes)) {
    throw Error(
        fmt::format("{}: is one IDX file; give the directory that holds train-images-idx3-ubyte and "
                    "train-labels-idx1-ubyte",
                    where));
  }
  if (begins_as_zip(bytes) && is_npz(bytes, where)) return read_npz(bytes, where, options);
  std::vector<std::string> notes;
  const ReadOptions known = extract_table(file, what, options, notes);
  LoadedData data = read_table(file, where, known);
  data.notes.insert(data.notes.begin(), notes.begin(), notes.end());
  return data;
}

LoadedData read_file_or_stdin(const std::string& what, const ReadOptions& options) {
  FileText file(what);
  std::optional<Fingerprint> fingerprint;
  if (options.fingerprint) {
    fingerprint = {std::ssize(file.view()), sha256(std::as_bytes(std::span(file.view())))};
  }
  LoadedData data = read_content(file, what, options);
  data.fingerprint = std::move(fingerprint);
  return data;
}

}  // namespace

void require_own_target(const ReadOptions& options, std::string_view own, std::string_view where) {
  if (options.target.empty() || options.target == own || options.target == "last") return;
  const bool for_a_model = !options.expected_columns.empty();
  if (for_a_model && !options.require_target) return;
  constexpr const char* kFact = "{}: its target is {}, not {}; {}";
  if (for_a_model)
    throw Error(fmt::format(kFact, where, quote(own), quote(options.target), "give data of the model's kind"));
  throw Error(fmt::format(kFact, where, quote(own), quote(options.target), "leave --target out"), {{"--target"}});
}

bool holds_table(const std::string& path) {
  const FileText file(path);
  const std::string_view bytes = file.view();
  return !begins_as_npy(bytes) && !begins_as_idx(bytes) && !(begins_as_zip(bytes) && is_npz(bytes, path));
}

std::string name_of_data(const std::string& what) { return stem_of(what); }

LoadedData load_data(const std::string& what, const ReadOptions& options) {
  if (what.empty()) throw Error("input: the path is empty; name a file");
  if (!is_float(options.dtype)) {
    throw Error(fmt::format("{}: features cannot be {}; choose f32 or f64", what, name_of(options.dtype)));
  }
  if (what != "-" && !exists(what)) {
    const bool is_path = what.find_first_of("/.") != std::string::npos;
    if (is_builtin(what) || !is_path) return read_builtin(what, options);
  }
  std::error_code error;
  const bool directory = what != "-" && fs::is_directory(what, error);
  LoadedData data = directory ? read_idx_directory(what, options) : read_file_or_stdin(what, options);
  data.train.name = stem_of(what);
  if (data.validation) data.validation->name = data.train.name;
  if (data.test) data.test->name = data.train.name;
  return data;
}

}  // namespace hillock
