// Dependencies point one way: core <- ir <- ops; autodiff and plan read only ir; exec <- plan; then nn, optim <- train
// <- table <- tools. Read off the #include lines. (That each header compiles alone is the target
// hillock_header_checks.)
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/paths.h"

namespace hillock {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path kRoot = source_directory();

// For each directory of src/: the directories whose private headers it may include, besides its own.
const std::map<std::string, Names>& allowed_directories() {
  static const std::map<std::string, Names> allowed{
      {"core", {}},
      {"state", {"core"}},
      {"ir", {"core"}},
      {"cpu", {"core", "ir"}},
      {"autodiff", {"core", "ir"}},
      {"plan", {"core", "ir"}},
      {"exec", {"core", "state", "ir", "cpu", "plan"}},
      {"ops", {"core", "ir", "cpu", "autodiff"}},
      {"replicate", {"core", "ir", "ops"}},
      {"rows", {"core"}},
      {"data", {"core", "rows"}},
      {"nn", {"core", "state"}},
      {"optim", {"core", "state", "nn"}},
      {"model", {"core", "state", "data", "nn"}},
      {"train", {"core", "data", "nn", "optim", "model", "replicate", "rows", "state"}},
      {"table", {"core", "data", "nn", "optim", "model", "train"}},
  };
  return allowed;
}

// The public headers of the engine, by the directory that implements them. Others lie above the engine.
const std::map<std::string, std::string>& engine_headers() {
  static const std::map<std::string, std::string> headers{
      {"tensor.h", "core"},  {"error.h", "core"},  {"state.h", "state"},
      {"text.h", "core"},    {"file.h", "core"},   {"graph.h", "ir"},
      {"op.h", "ir"},        {"ops.h", "ops"},     {"grad.h", "autodiff"},
      {"plan.h", "plan"},    {"machine.h", "cpu"}, {"session.h", "exec"},
      {"profile.h", "exec"}, {"naive.h", "exec"},  {"tensor_view.h", "core"},
      {"version.h", "core"},
  };
  return headers;
}
const Names kEngine{"core", "state", "ir", "cpu", "autodiff", "plan", "exec", "ops"};

// Exceptions to allowed_directories: kernels are written against op.h, and the tile executor runs what plan.h
// describes.
const std::map<std::string, Names>& also_allowed_headers() {
  static const std::map<std::string, Names> allowed{
      {"cpu", {"op.h", "graph.h", "plan.h"}},
  };
  return allowed;
}

struct Include {
  fs::path file;
  int line;
  bool angled;
  std::string target;
  std::string where() const { return file.string() + ":" + std::to_string(line) + ": " + target; }
};

std::vector<Include> includes_of(const fs::path& file) {
  std::vector<Include> includes;
  std::ifstream stream(file);
  std::string text;
  for (int line = 1; std::getline(stream, text); ++line) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string::npos || text.compare(start, 8, "#include") != 0) continue;
    const std::size_t open = text.find_first_of("<\"", start + 8);
    if (open == std::string::npos) continue;  // a macro names the file (HWY_TARGET_INCLUDE)
    const bool angled = text[open] == '<';
    const std::size_t close = text.find(angled ? '>' : '"', open + 1);
    includes.push_back({fs::relative(file, kRoot), line, angled, text.substr(open + 1, close - open - 1)});
  }
  return includes;
}

std::vector<fs::path> sources_under(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || (!name.ends_with(".h") && !name.ends_with(".cc"))) continue;
    if (!name.ends_with("_test.cc")) files.push_back(entry.path());
  }
  return files;
}

// "plan" for "plan/draft.h"; nullopt for a name without a directory.
std::optional<std::string> first_part(const std::string& target) {
  const std::size_t slash = target.find('/');
  if (slash == std::string::npos) return std::nullopt;
  return target.substr(0, slash);
}

bool may_include_public(const std::string& from, const std::string& header) {
  const auto found = engine_headers().find(header);
  if (found == engine_headers().end()) return !kEngine.contains(from);
  if (!kEngine.contains(from) || found->second == from) return true;
  const auto extra = also_allowed_headers().find(from);
  if (extra != also_allowed_headers().end() && extra->second.contains(header)) return true;
  return allowed_directories().at(from).contains(found->second);
}

TEST(IncludeDirection, EveryDirectoryOfTheSourcesHasARule) {
  for (const auto& entry : fs::directory_iterator(kRoot / "src")) {
    if (entry.is_directory()) {
      EXPECT_TRUE(allowed_directories().contains(entry.path().filename().string())) << entry.path();
    }
  }
}

TEST(IncludeDirection, SourcesIncludeOnlyWhatLiesBelowThem) {
  int checked = 0;
  for (const fs::path& file : sources_under(kRoot / "src")) {
    const std::string from = fs::relative(file, kRoot / "src").begin()->string();
    if (!allowed_directories().contains(from)) continue;
    for (const Include& include : includes_of(file)) {
      if (include.angled) continue;
      ++checked;
      const auto to = first_part(include.target);
      ASSERT_TRUE(to.has_value()) << include.where() << ": write the path from src/";
      if (*to == "hillock") {
        EXPECT_TRUE(may_include_public(from, include.target.substr(8))) << include.where();
      } else {
        EXPECT_TRUE(*to == from || allowed_directories().at(from).contains(*to)) << include.where();
      }
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(IncludeDirection, HeadersMayBeIncludedTwice) {
  for (const char* directory : {"include", "src", "tools/hillock", "tests"}) {
    for (const fs::path& file : sources_under(kRoot / directory)) {
      if (file.extension() != ".h" || file.stem().string().ends_with("-inl")) continue;
      std::ifstream stream(file);
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      EXPECT_NE(text.find("\n#pragma once\n"), std::string::npos) << file;
    }
  }
}

TEST(IncludeDirection, SourcesDoNotIncludeToolsOrTests) {
  for (const fs::path& file : sources_under(kRoot / "src")) {
    for (const Include& include : includes_of(file)) {
      EXPECT_FALSE(include.target.starts_with("tools/") || include.target.starts_with("tests/") ||
                   include.target.starts_with("../"))
          << include.where();
    }
  }
}

// The program uses the library as any other program does.
TEST(IncludeDirection, TheProgramIncludesPublicHeadersAndItsOwn) {
  const fs::path program = kRoot / "tools/hillock";
  int checked = 0;
  for (const fs::path& file : sources_under(program)) {
    for (const Include& include : includes_of(file)) {
      if (include.angled) continue;
      ++checked;
      const bool is_public = include.target.starts_with("hillock/") && fs::exists(kRoot / "include" / include.target);
      EXPECT_TRUE(is_public || fs::exists(program / include.target)) << include.where();
    }
  }
  EXPECT_GT(checked, 100);
}

// Public headers include only the standard library and each other: no SIMD, command line, JSON, MPI or CUDA headers.
// Names of standard headers contain neither dot nor slash.
TEST(IncludeDirection, PublicHeadersNeedNoOtherPackage) {
  for (const fs::path& file : sources_under(kRoot / "include")) {
    for (const Include& include : includes_of(file)) {
      if (include.angled) {
        EXPECT_EQ(include.target.find_first_of("./"), std::string::npos) << include.where();
      } else {
        EXPECT_TRUE(include.target.starts_with("hillock/")) << include.where();
      }
    }
  }
}

TEST(IncludeDirection, EngineHeadersDoNotIncludeWhatIsBuiltOnThem) {
  for (const auto& [header, directory] : engine_headers()) {
    for (const Include& include : includes_of(kRoot / "include/hillock" / header)) {
      if (!include.angled) {
        EXPECT_TRUE(engine_headers().contains(include.target.substr(8))) << include.where();
      }
    }
  }
}

}  // namespace
}  // namespace hillock
