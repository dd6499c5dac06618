// Adds to the input what layers compute from it.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& residual_record();

}  // namespace hillock::nn
