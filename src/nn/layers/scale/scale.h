// Shifts and scales columns by numbers that were fitted to rows.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& scale_record();

}  // namespace hillock::nn
