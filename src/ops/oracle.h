// For tests: oracles, the results of an op as an independent program computed them (src/ops/<op>/oracle.json).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/tensor.h"

namespace hillock {

struct OracleCase {
  std::string name;
  Attributes attributes;
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
};

// The cases of `op` under `ops_directory` (the tree's src/ops); nullopt if it has no oracle. Throws std::runtime_error
// if the file is malformed or is for another op.
std::optional<std::vector<OracleCase>> read_oracle(const std::filesystem::path& ops_directory, const std::string& op);

}  // namespace hillock
