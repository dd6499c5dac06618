// Shared by the tests of data: files to read, and errors to compare.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/error_testing.h"
#include "hillock/data.h"

namespace hillock {

// A directory for one test, removed when the test ends.
class TestDirectory {
 public:
  TestDirectory() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = testing::TempDir() + "hillock-" + std::to_string(::getpid()) + "-" + test->test_suite_name() + "-" +
            test->name();
    std::filesystem::create_directories(path_);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  // Writes a file into the directory and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

inline LoadedData parse(const std::string& text, const ReadOptions& options = {.target = "last"}) {
  return parse_table(text, "t.csv", options);
}

inline std::string parse_error(const std::string& text, const ReadOptions& options = {.target = "last"}) {
  return error_of([&] { parse(text, options); });
}

}  // namespace hillock
