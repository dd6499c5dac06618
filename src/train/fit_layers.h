// The fit phase: what layers learn from all training rows before the first step (nn::Scope::fit).
#pragma once

#include "hillock/network.h"
#include "hillock/session.h"
#include "hillock/train.h"

namespace hillock {

// Does nothing where no layer asks for it. The rows, whose weights have passed require_weights, are taken in their
// order; the result does not depend on threads. Throws Error if what is fitted is not finite.
void fit_layers(Network& network, const Examples& rows, const SessionOptions& options);

}  // namespace hillock
