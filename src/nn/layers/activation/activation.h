// A layer that is only an activation.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& activation_record();

}  // namespace hillock::nn
