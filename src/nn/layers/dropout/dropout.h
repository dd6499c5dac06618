// Sets random values to zero in training.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& dropout_record();

}  // namespace hillock::nn
