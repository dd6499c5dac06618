// The figures in the documents are those of bench/measurements.json: bench/figures.py looks.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/paths.h"
#include "tests/program.h"
#include "tests/shell.h"

namespace hillock::testing {
namespace {

namespace fs = std::filesystem;

bool have_python() { return run_in_shell("python3 -c 'import json'", {}).code == 0; }

ProgramResult check_figures(const fs::path& root) {
  const TemporaryDirectory directory;
  return run_in_shell("python3 -B '" + (root / "bench/figures.py").string() + "' --check",
                      {.directory = directory.path()});
}

TEST(Figures, AreThoseOfTheMeasurements) {
  if (!have_python()) GTEST_SKIP() << "there is no python3";
  const ProgramResult result = check_figures(source_directory());
  EXPECT_EQ(result.code, 0) << result.err;
}

// The documents and what writes their figures, to be spoilt.
class Copy {
 public:
  Copy() {
    fs::create_directory(root() / "bench");
    fs::create_directory(root() / "docs");
    for (const char* name : {"README.md", "README.zh-CN.md", "docs/performance.md", "docs/tables.md",
                             "bench/figures.py", "bench/markdown.py", "bench/measurements.json"})
      fs::copy_file(source_directory() / name, root() / name);
  }
  const fs::path& root() const { return directory_.path(); }

  void replace_last(const char* name, std::string_view before, std::string_view after) const {
    std::ifstream stream(root() / name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::size_t begin = text.rfind(before);
    ASSERT_NE(begin, std::string::npos) << name << " has no " << before;
    text.replace(begin, before.size(), after);
    std::ofstream(root() / name, std::ios::binary) << text;
  }

 private:
  TemporaryDirectory directory_;
};

TEST(Figures, ThatDifferOrAreTypedByHandAreFound) {
  if (!have_python()) GTEST_SKIP() << "there is no python3";
  const Copy copy;
  copy.replace_last("README.md", "×", "1×");
  copy.replace_last("docs/performance.md", "<!-- end -->", "");
  copy.replace_last("README.zh-CN.md", "Apache License", "653× Apache License");
  const ProgramResult result = check_figures(copy.root());
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("+++ bench/measurements.json"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("docs/performance.md: a place for figures has no <!-- end -->"), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("README.zh-CN.md: '653×' is typed by hand"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace hillock::testing
