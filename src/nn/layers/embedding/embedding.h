// Replaces category numbers by rows of a table.
#pragma once

#include "hillock/layer.h"

namespace hillock::nn {

const LayerRecord& embedding_record();

}  // namespace hillock::nn
