// The cost of all gradients by one backward pass and by differences, as a trace prints it: the case for
// backpropagation.
#pragma once

#include <string>

#include "hillock/trace.h"

namespace hillock::program {

// Three lines.
std::string to_text(const GradientTimes& times);

}  // namespace hillock::program
