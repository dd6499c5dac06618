// Reads the golden training runs in tests/golden (see its README).
#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "tests/paths.h"

namespace hillock {

inline nlohmann::json read_golden(const std::string& name) {
  std::ifstream file(source_directory() / "tests/golden" / name);
  if (!file) throw std::runtime_error("tests/golden/" + name + " is missing");
  return nlohmann::json::parse(file);
}

// Pseudo-random numbers in [0, 1), the same as in the script that made the golden runs.
inline double golden_uniform(std::uint64_t stream, std::uint64_t i) {
  std::uint64_t z = stream * 0x100000001B3u + i + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

}  // namespace hillock
