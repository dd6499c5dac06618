// For tests of what comes of a training: runs the program to train.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/safetensors.h"
#include "tests/program.h"

namespace hillock::testing {

inline nlohmann::json last_line_as_json(const std::string& out) { return nlohmann::json::parse(lines(out).back()); }

// Runs `hillock train …` in `directory` and returns the object it prints.
inline nlohmann::json train(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "train");
  arguments.insert(arguments.end(), {"--json", "--quiet", "--threads", "1"});
  const ProgramResult result = run_program(arguments, {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(lines(result.out).size(), 1u) << "--quiet --json prints one line";
  return last_line_as_json(result.out);
}

// The elements of each tensor in a file.
inline std::map<std::string, std::vector<double>> tensors(const std::string& path) {
  std::map<std::string, std::vector<double>> result;
  for (const NamedTensor& item : read_safetensors(path).tensors) {
    std::vector<double>& values = result[item.name];
    for (std::int64_t i = 0; i < item.tensor.elements(); ++i) values.push_back(item.tensor.at(i));
  }
  return result;
}

// A realistic table with text, missing cells and a column of labels.
inline std::string clinic(int rows) {
  std::string csv = "patient,age,ward,sick\n";
  for (int i = 0; i < rows; ++i) {
    csv += fmt::format("p{},{},{},{}\n", i / 3, i % 11 == 0 ? "?" : std::to_string(20 + i * 7 % 60),
                       i % 5 < 2     ? "north"
                       : i % 13 == 0 ? ""
                                     : "south",
                       i * 7 % 60 > 30 ? "yes" : "no");
  }
  return csv;
}

}  // namespace hillock::testing
