// An activation by itself.
#include "hillock/nn.h"

namespace hillock::nn {

Layer activation(Activation activation) {
  return [activation](Scope& scope, Value in) {
    const TapPoint point{
        .layer = scope.next_name("activation"), .kind = TapPoint::Kind::activation, .activation = activation, .in = in};
    return scope.tap(point, scope.activate("", in, activation));
  };
}

}  // namespace hillock::nn
