// What comes in plus what layers make of it.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& residual_record();

}  // namespace hillock::nn
