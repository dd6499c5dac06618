// gradients(): the reverse walk with the library's own addition and constants.
#include "autodiff/reverse.h"
#include "hillock/grad.h"
#include "hillock/ops.h"

namespace hillock {

std::vector<Value> gradients(Graph& graph, Value of, std::span<const Value> wrt) {
  const CotangentAlgebra algebra{
      .add = [](Graph& g, Value x, Value y) { return ops::add(g, x, y); },
      .constant = [](Graph& g, const TensorType& type,
                     double value) { return ops::constant(g, type.dtype, type.shape, value); },
  };
  return reverse_walk(graph, of, wrt, algebra);
}

}  // namespace hillock
