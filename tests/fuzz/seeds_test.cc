// Runs the targets on the kept inputs, which include former findings, so that these are found again without
// libFuzzer.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"
#include "tests/paths.h"

namespace hillock::fuzz {
namespace {

struct Parser {
  const char* name;
  void (*read)(std::string_view);
  std::size_t cuts = 200;  // of each seed
};

void PrintTo(const Parser& parser, std::ostream* out) { *out << parser.name; }

class FuzzSeeds : public testing::TestWithParam<Parser> {};

TEST_P(FuzzSeeds, AreReadOrRefused) {
  const std::filesystem::path folder = source_directory() / "tests/fuzz/seeds" / GetParam().name;
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) seeds.push_back(entry.path());
  std::sort(seeds.begin(), seeds.end());
  EXPECT_GE(seeds.size(), 5u);
  for (const std::filesystem::path& seed : seeds) {
    std::ifstream file(seed, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NO_THROW(GetParam().read(bytes)) << seed;
    for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / GetParam().cuts) {
      EXPECT_NO_THROW(GetParam().read(std::string_view(bytes).substr(0, cut))) << seed << " cut to " << cut;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Parsers, FuzzSeeds,
                         testing::Values(Parser{"csv", csv}, Parser{"file", file, 40}, Parser{"idx", idx},
                                         Parser{"npy", npy}, Parser{"safetensors", safetensors}, Parser{"net", net}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace hillock::fuzz
