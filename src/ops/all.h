// The table of contents: every op of the library. A new op adds its header here and its record to registry.cc.
#pragma once

// constants and pointwise arithmetic
#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/constant/constant.h"
#include "ops/cos/cos.h"
#include "ops/divide/divide.h"
#include "ops/elu/elu.h"
#include "ops/equal/equal.h"
#include "ops/erf/erf.h"
#include "ops/exp/exp.h"
#include "ops/leaky_relu/leaky_relu.h"
#include "ops/less/less.h"
#include "ops/log/log.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/multiply/multiply.h"
#include "ops/negate/negate.h"
#include "ops/power/power.h"
#include "ops/relu/relu.h"
#include "ops/select/select.h"
#include "ops/sigmoid/sigmoid.h"
#include "ops/sin/sin.h"
#include "ops/softplus/softplus.h"
#include "ops/sqrt/sqrt.h"
#include "ops/subtract/subtract.h"
#include "ops/tanh/tanh.h"

// products and reductions
#include "ops/all_finite/all_finite.h"
#include "ops/argmax/argmax.h"
#include "ops/lane_matmul/lane_matmul.h"
#include "ops/matmul/matmul.h"
#include "ops/max/max.h"
#include "ops/mean/mean.h"
#include "ops/sum/sum.h"

// shape
#include "ops/broadcast/broadcast.h"
#include "ops/concat/concat.h"
#include "ops/pad/pad.h"
#include "ops/reshape/reshape.h"
#include "ops/slice/slice.h"
#include "ops/transpose/transpose.h"

// indices and types
#include "ops/cast/cast.h"
#include "ops/gather/gather.h"
#include "ops/one_hot/one_hot.h"
#include "ops/scatter_add/scatter_add.h"
#include "ops/to_index/to_index.h"

// losses and randomness
#include "ops/random_uniform/random_uniform.h"
#include "ops/softmax_cross_entropy/softmax_cross_entropy.h"
