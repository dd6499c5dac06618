// cycles: see cycles.cc.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& cycles_record();

}  // namespace hillock::nn
