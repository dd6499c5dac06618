// Replaces missing numbers.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& impute_record();

}  // namespace hillock::nn
