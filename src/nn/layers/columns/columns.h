// The inputs that each column of a row becomes.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& columns_record();

}  // namespace hillock::nn
