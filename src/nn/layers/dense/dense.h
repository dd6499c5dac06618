// A product with a weight, plus a bias, followed by an activation.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& dense_record();

}  // namespace hillock::nn
