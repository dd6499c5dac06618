// What `hillock compare` varies: each --vary names an option of training and its values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arguments/train_arguments.h"

namespace hillock::program {

struct Variation {
  std::string key;  // the option without its dashes: "lr"
  std::vector<std::string> values;
};

// "lr=0.01,0.1,1". Values that contain commas are separated by bars: "net=64|64, 32". `init` is another name for
// init-weights. Throws Error if the text does not have this form or does not name an option of training.
Variation parse_variation(std::string_view text);

struct Combination {
  std::vector<std::string> values;  // one per variation
  TrainArguments arguments;

  // "activation=relu, lr=0.1"; empty if nothing varies.
  std::string name(const std::vector<Variation>& variations) const;
};

// Throws Error if a varying option is among `given`, the options of the call, which would then have no effect.
void require_not_given(const std::vector<Variation>& variations, const std::vector<std::string>& given);

// All combinations, with the last variation changing fastest. Throws Error for a value that the option refuses, or if a
// variation occurs twice.
std::vector<Combination> combinations(const TrainArguments& base, const std::vector<Variation>& variations);

}  // namespace hillock::program
