// The output that a network should give if it gives the same one for every row.
#pragma once

#include <vector>

#include "hillock/nn.h"

namespace hillock {

// The logit for which an output activation gives `mean`, or comes as close as it can.
double inverse(nn::Activation output, double mean);

// For the hinge loss, converts the share of each class (of class 1 if there is one output) to outputs: the margin 1 for
// the most frequent class, and for the others -1 with one output or 0 with several.
void to_margins(std::vector<double>& shares);

struct WeightedValue {
  double value = 0;
  double weight = 1;
};
// The value that has the share `share` of the weight of `values` below it. This constant minimizes the quantile loss.
double quantile_of(std::vector<WeightedValue> values, double share);

}  // namespace hillock
