// An entry of a list that a person chooses from: of the activations, the losses, the optimizers.
#pragma once

#include <string>

namespace hillock::nn {

struct NameAndSummary {
  std::string name;
  std::string summary;
};

}  // namespace hillock::nn
