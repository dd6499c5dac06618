// The course in docs/learn: every command on its pages is run again, and what it prints and draws must be what the page
// shows. docs/zh-CN/learn has the same pages with the same commands. docs/from-tutorial-to-program.md is held to the
// same, and so are the README and its Chinese version. And links between documents.
//
// A block ```console holds commands, lines that begin with "$ " (and "> " where one goes on), each followed by its
// output. A line "…" stands for any lines that are left out. Times are compared as if they were all alike. A
// picture that a command writes, NAME.svg, must be docs/learn/figures/NAME.svg. With HILLOCK_UPDATE_COURSE=1 the
// pages and pictures are rewritten instead; what was left out comes back then, and is to be left out again by hand.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = source_directory();
const fs::path kCourse = kRoot / "docs/learn";
const fs::path kChinese = kRoot / "docs/zh-CN/learn";

std::string content(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

bool updating() { return std::getenv("HILLOCK_UPDATE_COURSE") != nullptr; }

std::vector<std::string> pages_of(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".md") names.insert(entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

struct Command {
  std::string text;  // without "$ "
  std::vector<std::string> output;
};

// A page is a list of pieces: lines of prose, and blocks of commands.
struct Part {
  std::vector<std::string> prose;
  std::vector<Command> commands;
};

constexpr const char* kOpen = "```console";
constexpr const char* kClose = "```";
constexpr const char* kLeftOut = "…";

std::vector<Command> commands_of(const std::vector<std::string>& block) {
  std::vector<Command> commands;
  for (const std::string& line : block) {
    if (line.starts_with("$ ")) {
      commands.push_back({line.substr(2), {}});
    } else if (commands.empty()) {
      ADD_FAILURE() << "a block of commands begins with output: " << line;
    } else if (line.starts_with("> ") && commands.back().output.empty()) {
      commands.back().text.append("\n").append(line, 2);
    } else {
      commands.back().output.push_back(line);
    }
  }
  return commands;
}

std::vector<Part> parts_of(const std::string& page) {
  std::vector<Part> parts(1);
  std::vector<std::string> block;
  bool inside = false;
  for (const std::string& line : lines(page)) {
    if (!inside && line == kOpen) {
      inside = true;
    } else if (inside && line == kClose) {
      parts.back().commands = commands_of(block);
      parts.emplace_back();
      block.clear();
      inside = false;
    } else {
      (inside ? block : parts.back().prose).push_back(line);
    }
  }
  EXPECT_FALSE(inside) << "a block is not closed";
  return parts;
}

std::string text_of(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) {
    for (const std::string& line : part.prose) text += line + "\n";
    if (part.commands.empty()) continue;
    text += kOpen;
    text += "\n";
    for (const Command& command : part.commands) {
      text += "$ ";
      text += std::regex_replace(command.text, std::regex("\n"), "\n> ");
      text += "\n";
      for (const std::string& line : command.output) text += line + "\n";
    }
    text += kClose;
    text += "\n";
  }
  return text;
}

// Replaces times and multiples of times by #, also the column of compare's table headed ms, and ignores blanks around
// them. The number of passes of a timing is left out too, since a slow machine makes fewer.
std::vector<std::string> without_times(const std::vector<std::string>& output) {
  static const std::regex time(R"([0-9][0-9.e+-]* (us|ms|s)\b)");
  static const std::regex ratio(R"([0-9][0-9.e+-]*( times as long| forward passes))");
  static const std::regex last(R"(\S+$)"), blanks(" +"), part(", from [0-9]+ of them$");
  bool table = false;
  std::vector<std::string> result;
  for (const std::string& line : output) {
    std::string masked = std::regex_replace(std::regex_replace(line, time, "# s"), ratio, "#$1");
    masked = std::regex_replace(masked, part, "");
    if (table && !line.empty() && line != kLeftOut) masked = std::regex_replace(masked, last, "#");
    table = line.ends_with("  ms") || (table && !line.empty());
    result.push_back(masked == line ? line : std::regex_replace(masked, blanks, " "));
  }
  return result;
}

// Whether `shown` from `s` on describes `actual` from `a` on.
bool shows(const std::vector<std::string>& shown, const std::vector<std::string>& actual, std::size_t s = 0,
           std::size_t a = 0) {
  for (; s < shown.size(); ++s, ++a) {
    if (shown[s] == kLeftOut) {
      for (std::size_t next = a; next <= actual.size(); ++next) {
        if (shows(shown, actual, s + 1, next)) return true;
      }
      return false;
    }
    if (a == actual.size() || shown[s] != actual[a]) return false;
  }
  return a == actual.size();
}

std::string join(const std::vector<std::string>& output) {
  std::string text;
  for (const std::string& line : output) text += line + "\n";
  return text;
}

// Leaves out the lines that `compare` prints every two seconds, since a slow machine prints more of them.
std::vector<std::string> output_of(const std::string& command, const TemporaryDirectory& directory) {
  const ProgramResult result =
      run_program({"-c", "{ " + command + "\n} 2>&1"}, {.directory = directory.path(), .program = "/bin/sh"});
  EXPECT_LT(result.code, 126) << command << "\n" << result.out;
  static const std::regex count("[0-9]+ of [0-9]+ runs have ended");
  std::vector<std::string> output = lines(result.out);
  std::erase_if(output, [](const std::string& line) { return std::regex_match(line, count); });
  return output;
}

// Runs a page's commands one after another in one directory, and replaces the shown output where it differs.
void replay(std::vector<Part>& parts, const TemporaryDirectory& directory) {
  for (Part& part : parts) {
    for (Command& command : part.commands) {
      std::vector<std::string> actual = output_of(command.text, directory);
      if (shows(without_times(command.output), without_times(actual))) continue;
      if (!updating()) ADD_FAILURE() << "$ " << command.text << "\nprints now:\n" << join(actual);
      command.output = std::move(actual);
    }
  }
}

void check_figures(const TemporaryDirectory& directory, const std::string& page) {
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    if (entry.path().extension() != ".svg") continue;
    const std::string name = entry.path().filename().string();
    EXPECT_NE(page.find("(figures/" + name + ")"), std::string::npos) << name << " is not shown on the page";
    if (updating()) {
      fs::copy_file(entry.path(), kCourse / "figures" / name, fs::copy_options::overwrite_existing);
    } else {
      EXPECT_TRUE(content(entry.path()) == content(kCourse / "figures" / name)) << name << " is another picture now";
    }
  }
}

// Where the program and the examples are.
void set_path() {
  const fs::path build = fs::path(program_path()).parent_path();
  const char* path = std::getenv("PATH");
  std::ostringstream value;
  value << build.string() << ":" << (build / "examples").string() << ":" << (path ? path : "/usr/bin:/bin");
  setenv("PATH", value.str().c_str(), 1);
}

// A translation must have the same commands and output.
void compare_commands(const fs::path& original, const fs::path& translation) {
  const std::vector<Part> english = parts_of(content(original));
  std::vector<Part> chinese = parts_of(content(translation));
  ASSERT_EQ(chinese.size(), english.size()) << "the number of blocks of commands";
  for (std::size_t k = 0; k < english.size(); ++k) {
    const Part shown{{}, english[k].commands};
    if (!updating()) {
      EXPECT_EQ(text_of({{{}, chinese[k].commands}}), text_of({shown}));
    }
    chinese[k].commands = english[k].commands;
  }
  if (updating()) write(translation, text_of(chinese));
}

class Course : public ::testing::TestWithParam<std::string> {};

TEST_P(Course, ShowsWhatItsCommandsPrint) {
  const std::string page = content(kCourse / GetParam());
  const bool examples = fs::exists(fs::path(program_path()).parent_path() / "examples/mistakes");
  if (page.find("\n$ mistakes") != std::string::npos && !examples) GTEST_SKIP() << "the examples are not built here";
  set_path();
  const TemporaryDirectory directory;
  std::vector<Part> parts = parts_of(page);
  replay(parts, directory);
  check_figures(directory, page);
  if (updating()) write(kCourse / GetParam(), text_of(parts));
}

TEST_P(Course, IsTheSameInChinese) { compare_commands(kCourse / GetParam(), kChinese / GetParam()); }

// Claims of tutorials, each with a command and tests.
const fs::path kTutorial = kRoot / "docs/from-tutorial-to-program.md";

TEST(CourseTutorial, ShowsWhatItsCommandsPrint) {
  set_path();
  const TemporaryDirectory directory;
  std::vector<Part> parts = parts_of(content(kTutorial));
  replay(parts, directory);
  if (updating()) write(kTutorial, text_of(parts));
}

// The README's commands are run as in a fresh clone with a build beside it: build/hillock, data/.
TEST(CourseReadme, ShowsWhatItsCommandsPrint) {
  const TemporaryDirectory directory;
  fs::create_directory_symlink(fs::path(program_path()).parent_path(), directory.path() / "build");
  fs::create_directory_symlink(kRoot / "data", directory.path() / "data");
  std::vector<Part> parts = parts_of(content(kRoot / "README.md"));
  ASSERT_GE(parts.size(), 2U) << "no block of commands";
  replay(parts, directory);
  if (updating()) write(kRoot / "README.md", text_of(parts));
}

TEST(CourseReadme, IsTheSameInChinese) { compare_commands(kRoot / "README.md", kRoot / "README.zh-CN.md"); }

std::set<std::string> names_of_tests() {
  std::set<std::string> names;
  const ::testing::UnitTest& all = *::testing::UnitTest::GetInstance();
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const ::testing::TestSuite& suite = *all.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t)
      names.insert(std::string(suite.name()) + "." + suite.GetTestInfo(t)->name());
  }
  return names;
}

// "Suite.*" stands for all tests whose names begin with "Suite.".
TEST(CourseTutorial, NamesTestsThatThereAre) {
  const std::set<std::string> known = names_of_tests();
  const std::string page = content(kTutorial);
  static const std::regex name("`((?:[A-Z][A-Za-z]*/)?[A-Z][A-Za-z]*\\.[A-Za-z/]*)(\\*?)`");
  int count = 0;
  for (std::sregex_iterator found(page.begin(), page.end(), name), end; found != end; ++found, ++count) {
    const std::string begin = (*found)[1];
    const auto first = known.lower_bound(begin);
    EXPECT_TRUE(first != known.end() && ((*found)[2].length() > 0 ? first->starts_with(begin) : *first == begin))
        << begin;
  }
  EXPECT_GE(count, 15);
}

INSTANTIATE_TEST_SUITE_P(Pages, Course, ::testing::ValuesIn(pages_of(kCourse)), [](const auto& page) {
  return std::regex_replace(fs::path(page.param).stem().string(), std::regex("[^A-Za-z0-9]"), "_");
});

TEST(CoursePages, AreTheSameInBothLanguages) { EXPECT_EQ(pages_of(kCourse), pages_of(kChinese)); }

TEST(CoursePages, ShowEveryFigure) {
  std::string all;
  for (const std::string& name : pages_of(kCourse)) all += content(kCourse / name);
  for (const auto& entry : fs::directory_iterator(kCourse / "figures")) {
    const std::string name = entry.path().filename().string();
    EXPECT_NE(all.find("(figures/" + name + ")"), std::string::npos) << name;
  }
}

// The anchor of a heading: lower case, without punctuation, with hyphens for blanks.
std::set<std::string> anchors_of(const std::string& page) {
  std::set<std::string> anchors;
  for (const std::string& line : lines(page)) {
    if (!line.starts_with("#")) continue;
    const std::string heading = std::regex_replace(line, std::regex("^#+ *"), "");
    std::string anchor;
    for (const char c : heading) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ') anchor += '-';
      if (std::isalnum(byte) || c == '-' || c == '_' || byte >= 0x80)
        anchor += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
    }
    anchors.insert(anchor);
  }
  return anchors;
}

TEST(Documents, LinkToWhatIsThere) {
  std::vector<fs::path> documents;
  for (const auto& entry : fs::directory_iterator(kRoot)) documents.push_back(entry.path());
  for (const char* folder : {"docs", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) documents.push_back(entry.path());
  }
  const std::regex link(R"(\]\(([^)\s]+)\))");
  for (const fs::path& document : documents) {
    if (document.extension() != ".md") continue;
    const std::string page = content(document);
    for (auto it = std::sregex_iterator(page.begin(), page.end(), link); it != std::sregex_iterator(); ++it) {
      const std::string target = (*it)[1];
      if (target.find("://") != std::string::npos) continue;
      const std::string file = target.substr(0, target.find('#'));
      const fs::path path = file.empty() ? document : document.parent_path() / file;
      EXPECT_TRUE(fs::exists(path)) << document << " links to " << target;
      if (target.find('#') == std::string::npos || path.extension() != ".md") continue;
      EXPECT_TRUE(anchors_of(content(path)).contains(target.substr(target.find('#') + 1)))
          << document << " links to " << target;
    }
  }
}

}  // namespace
}  // namespace hillock::testing
