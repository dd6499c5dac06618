// What looks wrong about data, training or result: told at the end, where it is read.
#pragma once

#include <string>
#include <vector>

#include "job.h"

namespace hillock::program {

// Constant and duplicate columns; columns that alone, or two together, give the target away; rows that are in two
// parts; classes too rare in the test rows to be judged. Reads the parts before they are encoded.
std::vector<Warning> find_data_warnings(const Parts& parts);

// "what looks wrong", a line for each; empty if nothing does.
std::string describe_warnings(const std::vector<Warning>& warnings);

}  // namespace hillock::program
