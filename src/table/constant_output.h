// What a network that gives the same for every row has to give.
#pragma once

#include <vector>

#include "hillock/nn.h"

namespace hillock {

// The logit at which an output gives `mean`, or comes as near as it can.
double inverse(nn::Activation output, double mean);

// For the hinge, from the share of each class (of class 1 where there is one output): the margin 1 for the commonest
// class, and -1 or 0 for the others, by one output or several.
void to_margins(std::vector<double>& shares);

struct WeightedValue {
  double value = 0;
  double weight = 1;
};
// The value that a share `share` of the weight of `values` lies below: the constant that the quantile loss is least
// for.
double quantile_of(std::vector<WeightedValue> values, double share);

}  // namespace hillock
