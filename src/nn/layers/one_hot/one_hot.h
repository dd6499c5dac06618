// An input for each category.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& one_hot_record();

}  // namespace hillock::nn
