// What `hillock compare` varies: each --vary names an option of training and its values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arguments/train_arguments.h"

namespace hillock::program {

struct Variation {
  std::string key;  // an option without its dashes: "lr"
  std::vector<std::string> values;
};

// "lr=0.01,0.1,1". Values that hold commas stand between bars: "net=64|64, 32". `init` is another name of init-weights.
// Throws Error if it is not of this form or names an option that is not one of training.
Variation parse_variation(std::string_view text);

struct Combination {
  std::vector<std::string> values;  // one for each variation
  TrainArguments arguments;

  // "activation=relu, lr=0.1"; empty where nothing varies.
  std::string name(const std::vector<Variation>& variations) const;
};

// Throws Error if an option that varies is among `given`, those of the call, which would say nothing.
void require_not_given(const std::vector<Variation>& variations, const std::vector<std::string>& given);

// All combinations, the last variation changing fastest. Throws Error for a value that the option does not take, or if
// a variation comes twice.
std::vector<Combination> combinations(const TrainArguments& base, const std::vector<Variation>& variations);

}  // namespace hillock::program
