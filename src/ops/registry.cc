// The ops that find_op and the proofs know: the library's own, followed by those of register_op.
#include <fmt/format.h>

#include <mutex>
#include <vector>

#include "hillock/error.h"
#include "hillock/op.h"
#include "ir/op_record.h"
#include "ops/all.h"

namespace hillock {
namespace {

std::vector<const Op*> library_ops() {
  return {
      &constant_op(),
      &add_op(),
      &subtract_op(),
      &multiply_op(),
      &divide_op(),
      &power_op(),
      &minimum_op(),
      &maximum_op(),
      &equal_op(),
      &less_op(),
      &select_op(),
      &negate_op(),
      &abs_op(),
      &exp_op(),
      &log_op(),
      &sqrt_op(),
      &sigmoid_op(),
      &tanh_op(),
      &sin_op(),
      &cos_op(),
      &erf_op(),
      &relu_op(),
      &leaky_relu_op(),
      &elu_op(),
      &softplus_op(),
      &matmul_op(),
      &lane_matmul_op(),
      &sum_op(),
      &mean_op(),
      &max_op(),
      &argmax_op(),
      &all_finite_op(),
      &broadcast_op(),
      &reshape_op(),
      &transpose_op(),
      &slice_op(),
      &pad_op(),
      &concat_op(),
      &gather_op(),
      &scatter_add_op(),
      &one_hot_op(),
      &cast_op(),
      &to_index_op(),
      &softmax_cross_entropy_op(),
      &random_uniform_op(),
  };
}

struct Registry {
  std::mutex mutex;
  std::vector<const Op*> ops = library_ops();
};

// A static of a function, so that initializers in other files may register ops before main.
Registry& registry() {
  static Registry instance;
  return instance;
}

const Op* find_among(const std::vector<const Op*>& ops, std::string_view name) {
  for (const Op* op : ops) {
    if (op->name == name) return op;
  }
  return nullptr;
}

}  // namespace

std::vector<const Op*> registered_ops() {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  return known.ops;
}

void register_op(const Op& op) {
  if (const std::string_view lacking = lacking_in(op); !lacking.empty()) {
    throw Error(fmt::format("register_op: the record of \"{}\" needs {}", op.name, lacking));
  }
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  if (find_among(known.ops, op.name) != nullptr || op.name == input_op().name || op.name == state_op().name) {
    throw Error(fmt::format("register_op: there is an op \"{}\" already; choose another name", op.name));
  }
  known.ops.push_back(&op);
}

const Op* find_op(std::string_view name) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  return find_among(known.ops, name);
}

}  // namespace hillock
