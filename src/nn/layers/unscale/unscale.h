// The inverse of scale().
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& unscale_record();

}  // namespace hillock::nn
