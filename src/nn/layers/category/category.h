// Category numbers in the form that an embedding takes.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& category_record();

}  // namespace hillock::nn
