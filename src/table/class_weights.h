// --class-weights: how much rows count in training by their class.
#pragma once

#include <string>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// What `text` says, balanced or "yes=2,no=1": a weight for each of train's classes; a class that is not named has 1.
// Throws Error if it says nothing sensible or `train` has no classes.
std::vector<double> parse_class_weights(const std::string& text, const Dataset& train);

}  // namespace hillock
