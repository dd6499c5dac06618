// The fit phase: what layers learn from all training rows before the first step (nn::Scope::fit).
#pragma once

#include "hillock/network.h"
#include "hillock/session.h"
#include "hillock/train.h"

namespace hillock {

// Does nothing where no layer asks for it. The rows are taken in their order, each counted by its one of `weights`,
// which are normalized (nullptr: all alike); the result does not depend on threads. Throws Error if what is fitted is
// not finite.
void fit_layers(Network& network, const RowSource& rows, const Tensor* weights, const SessionOptions& options);

}  // namespace hillock
