// A product with a weight, a bias, an activation.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& dense_record();

}  // namespace hillock::nn
