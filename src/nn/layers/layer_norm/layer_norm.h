// Scales rows to mean 0 and variance 1.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& layer_norm_record();

}  // namespace hillock::nn
