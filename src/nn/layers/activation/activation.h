// An activation by itself.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& activation_record();

}  // namespace hillock::nn
