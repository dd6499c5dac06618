// The table of contents: every layer of the library, in the order in which they are listed. A new layer adds its header
// and its record here.
#pragma once

#include <vector>

#include "nn/layers/activation/activation.h"
#include "nn/layers/category/category.h"
#include "nn/layers/columns/columns.h"
#include "nn/layers/cycles/cycles.h"
#include "nn/layers/dense/dense.h"
#include "nn/layers/dropout/dropout.h"
#include "nn/layers/embedding/embedding.h"
#include "nn/layers/impute/impute.h"
#include "nn/layers/layer_norm/layer_norm.h"
#include "nn/layers/missing/missing.h"
#include "nn/layers/one_hot/one_hot.h"
#include "nn/layers/residual/residual.h"
#include "nn/layers/scale/scale.h"
#include "nn/layers/unscale/unscale.h"

namespace hillock::nn {

inline std::vector<const LayerRecord*> library_layers() {
  return {
      &dense_record(),     &dropout_record(),  &layer_norm_record(), &residual_record(), &activation_record(),
      &embedding_record(), &columns_record(),  &impute_record(),     &scale_record(),    &missing_record(),
      &one_hot_record(),   &category_record(), &cycles_record(),     &unscale_record(),
  };
}

}  // namespace hillock::nn
