#include "data/idx_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFiles = 4;  // in the order of IdxFiles' members
constexpr std::array<std::pair<std::string_view, std::size_t>, 6> kNames = {{{"train-images-idx", 0},
                                                                             {"train-labels-idx", 1},
                                                                             {"t10k-images-idx", 2},
                                                                             {"t10k-labels-idx", 3},
                                                                             {"test-images-idx", 2},
                                                                             {"test-labels-idx", 3}}};

struct FileRole {
  std::string set;  // the name before it: "emnist-letters-"
  std::size_t file = 0;
};

std::optional<FileRole> role_of(std::string name) {
  for (char& c : name) {
    if (c == '.' || c == '_' || c == ' ') c = '-';
  }
  for (const auto& [known, file] : kNames) {
    const std::size_t at = name.find(known);
    if (at != std::string::npos && (at == 0 || name[at - 1] == '-')) return FileRole{name.substr(0, at), file};
  }
  return std::nullopt;
}

// The paths in a directory, in order: "x" comes before "x.gz", and "a-b" before "a.b".
std::vector<fs::path> entries_of(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// The files of the only set in this directory itself. Of several, one without a name before its files wins.
std::optional<IdxFiles> find_in(const fs::path& directory) {
  std::map<std::string, std::array<std::string, kFiles>> sets;
  for (const fs::path& path : entries_of(directory)) {
    std::error_code error;
    const std::optional<FileRole> role = role_of(path.filename().string());
    if (!role || !fs::is_regular_file(path, error)) continue;
    std::string& file = sets[role->set][role->file];
    if (file.empty()) file = path.string();
  }
  if (sets.empty()) return std::nullopt;
  if (sets.size() > 1 && !sets.contains("")) {
    std::vector<std::string> names;
    for (const auto& [name, files] : sets) names.push_back(name.substr(0, name.size() - 1));
    throw Error(fmt::format("{}: holds several sets of IDX files ({}); give a directory that holds one",
                            directory.string(), list_names(names)));
  }
  const auto& [train_images, train_labels, test_images, test_labels] = sets.begin()->second;
  return IdxFiles{train_images, train_labels, test_images, test_labels};
}

}  // namespace

IdxFiles find_idx_files(const std::string& directory) {
  constexpr const char* kRaw = "raw";  // as torchvision calls it
  for (const fs::path& place : {fs::path(directory), fs::path(directory) / kRaw}) {
    if (const auto files = find_in(place)) return *files;
  }
  std::vector<std::string> places;
  IdxFiles found;
  for (const fs::path& subdirectory : entries_of(directory)) {
    for (const fs::path& place : {subdirectory, subdirectory / kRaw}) {
      const std::optional<IdxFiles> files = find_in(place);
      if (!files) continue;
      places.push_back(place.lexically_relative(directory).string());
      found = *files;
    }
  }
  if (places.size() > 1) {
    throw Error(fmt::format("{}: has IDX files in several directories; name one of {}", directory, list_names(places)));
  }
  return found;
}

}  // namespace hillock
