// Rows of a table in place of numbers of categories.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& embedding_record();

}  // namespace hillock::nn
