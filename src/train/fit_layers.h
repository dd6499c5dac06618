// The fit phase: what layers learn from all training rows before the first step (nn::Scope::fit).
#pragma once

#include "hillock/network.h"
#include "hillock/session.h"
#include "hillock/train.h"

namespace hillock {

// Does nothing unless a layer asks for it. Takes the rows in order, each weighted by its entry of `weights`, which are
// normalized (nullptr: equal weights). The result does not depend on the number of threads. Throws Error if a fitted
// value is not finite.
void fit_layers(Network& network, const RowSource& rows, const Tensor* weights, const SessionOptions& options);

}  // namespace hillock
