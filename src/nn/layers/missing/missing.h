// Whether a cell is missing.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& missing_record();

}  // namespace hillock::nn
