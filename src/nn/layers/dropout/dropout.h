// Values left out while training.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& dropout_record();

}  // namespace hillock::nn
