// The table of fused chains, which occur in training steps and predictions of dense networks. An expression repeats its
// chain op by op, in the order in which the graph describes it. A chain that differs in any way runs on the tile
// executor, with the same bits.
#include "cpu/fused_chain.h"
#include "ir/fused_chain.h"
#include "ops/add/add.h"
#include "ops/divide/divide.h"
#include "ops/equal/equal.h"
#include "ops/less/less.h"
#include "ops/multiply/multiply.h"
#include "ops/relu/relu.h"
#include "ops/select/select.h"
#include "ops/sigmoid/sigmoid.h"
#include "ops/softplus/softplus.h"
#include "ops/sqrt/sqrt.h"
#include "ops/subtract/subtract.h"
#include "ops/tanh/tanh.h"

namespace hillock {
namespace {

constexpr LeafKind kDense = LeafKind::dense;
constexpr LeafKind kOne = LeafKind::one;
constexpr LeafKind kRow = LeafKind::row;

constexpr cpu::FusedOp kAdd{&add_op, add_element};
constexpr cpu::FusedOp kDivide{&divide_op, divide_element};
constexpr cpu::FusedOp kEqual{&equal_op, equal_element};
constexpr cpu::FusedOp kLess{&less_op, less_element};
constexpr cpu::FusedOp kMultiply{&multiply_op, multiply_element};
constexpr cpu::FusedOp kRelu{&relu_op, relu_element};
constexpr cpu::FusedOp kSelect{&select_op, select_element};
constexpr cpu::FusedOp kSigmoid{&sigmoid_op, sigmoid_element};
constexpr cpu::FusedOp kSoftplus{&softplus_op, softplus_element};
constexpr cpu::FusedOp kSqrt{&sqrt_op, sqrt_element};
constexpr cpu::FusedOp kSubtract{&subtract_op, subtract_element};
constexpr cpu::FusedOp kTanh{&tanh_op, tanh_element};

// --- optimizers (optim/optimizer.cc) ---

struct Sgd {
  auto operator()(auto ops, auto gradient, auto rate, auto parameters) const {
    return std::tuple{ops(kSubtract, parameters, ops(kMultiply, gradient, rate))};
  }
};

struct Momentum {
  auto operator()(auto ops, auto velocity, auto momentum, auto gradient, auto rate, auto parameters) const {
    const auto faster = ops(kAdd, ops(kMultiply, velocity, momentum), gradient);
    return std::tuple{faster, ops(kSubtract, parameters, ops(kMultiply, faster, rate))};
  }
};

struct Adam {
  auto operator()(auto ops, auto first, auto beta1, auto gradient, auto rest1, auto second, auto beta2, auto rest2,
                  auto correction, auto epsilon, auto rate, auto parameters) const {
    const auto old_first = ops(kMultiply, first, beta1);
    const auto new_first = ops(kAdd, old_first, ops(kMultiply, gradient, rest1));
    const auto squared = ops(kMultiply, gradient, gradient);
    const auto old_second = ops(kMultiply, second, beta2);
    const auto new_second = ops(kAdd, old_second, ops(kMultiply, squared, rest2));
    const auto root = ops(kMultiply, ops(kSqrt, new_second), correction);
    const auto deviation = ops(kAdd, root, epsilon);
    const auto step = ops(kDivide, ops(kMultiply, new_first, rate), deviation);
    return std::tuple{new_first, new_second, ops(kSubtract, parameters, step)};
  }
};

// --- layers, forward, with what the gradient needs of them ---

struct Bias {
  auto operator()(auto ops, auto x, auto bias) const { return std::tuple{ops(kAdd, x, bias)}; }
};

template <const auto& kActivation>
struct BiasActivation {
  auto operator()(auto ops, auto x, auto bias) const { return std::tuple{ops(kActivation, ops(kAdd, x, bias))}; }
};

struct BiasReluMask {
  auto operator()(auto ops, auto x, auto bias, auto zero) const {
    const auto y = ops(kRelu, ops(kAdd, x, bias));
    return std::tuple{y, ops(kLess, zero, y)};
  }
};

struct BiasSigmoidSlope {
  auto operator()(auto ops, auto x, auto bias, auto one) const {
    const auto y = ops(kSigmoid, ops(kAdd, x, bias));
    return std::tuple{y, ops(kMultiply, y, ops(kSubtract, one, y))};
  }
};

struct BiasTanhSlope {
  auto operator()(auto ops, auto x, auto bias, auto one) const {
    const auto y = ops(kTanh, ops(kAdd, x, bias));
    return std::tuple{y, ops(kSubtract, one, ops(kMultiply, y, y))};
  }
};

// --- the layers before a network and behind it ---

struct Impute {
  auto operator()(auto ops, auto x, auto fill) const { return std::tuple{ops(kSelect, ops(kEqual, x, x), x, fill)}; }
};

struct Scale {
  auto operator()(auto ops, auto x, auto offset, auto factor) const {
    return std::tuple{ops(kMultiply, ops(kSubtract, x, offset), factor)};
  }
};

struct ImputeScale {
  auto operator()(auto ops, auto x, auto fill, auto offset, auto factor) const {
    const auto present = ops(kSelect, ops(kEqual, x, x), x, fill);
    return std::tuple{ops(kMultiply, ops(kSubtract, present, offset), factor)};
  }
};

struct Unscale {
  auto operator()(auto ops, auto x, auto factor, auto offset) const {
    return std::tuple{ops(kAdd, ops(kDivide, x, factor), offset)};
  }
};

struct MissingNumber {
  auto operator()(auto ops, auto x, auto one) const { return std::tuple{ops(kSubtract, one, ops(kEqual, x, x))}; }
};

struct MissingCell {
  auto operator()(auto ops, auto x, auto minus_one, auto categorical, auto one) const {
    const auto missing = ops(kMultiply, ops(kEqual, x, minus_one), categorical);
    return std::tuple{ops(kSelect, ops(kEqual, x, x), missing, one)};
  }
};

struct OneHot {
  auto operator()(auto ops, auto x, auto minus_one, auto category) const {
    const auto before = ops(kLess, ops(kAdd, x, minus_one), category);
    return std::tuple{ops(kSubtract, before, ops(kLess, x, category))};
  }
};

struct CategoryNumber {
  auto operator()(auto ops, auto x, auto minus_one, auto end) const {
    const auto known = ops(kSelect, ops(kEqual, x, minus_one), end, x);
    return std::tuple{ops(kSelect, ops(kEqual, x, x), known, end)};
  }
};

// --- gradients ---

struct Multiply {
  auto operator()(auto ops, auto x, auto y) const { return std::tuple{ops(kMultiply, x, y)}; }
};

struct Masked {
  auto operator()(auto ops, auto mask, auto x, auto zero) const { return std::tuple{ops(kSelect, mask, x, zero)}; }
};

// --- output layers with their loss and its gradient ---

struct SigmoidSquaredError {
  auto operator()(auto ops, auto x, auto bias, auto targets, auto scale, auto one) const {
    const auto y = ops(kSigmoid, ops(kAdd, x, bias));
    const auto error = ops(kSubtract, y, targets);
    const auto squared = ops(kMultiply, error, error);
    const auto slope = ops(kAdd, ops(kMultiply, scale, error), ops(kMultiply, scale, error));
    return std::tuple{squared, ops(kMultiply, slope, ops(kMultiply, y, ops(kSubtract, one, y)))};
  }
};

struct LinearSquaredError {
  auto operator()(auto ops, auto x, auto bias, auto targets, auto scale) const {
    const auto error = ops(kSubtract, ops(kAdd, x, bias), targets);
    const auto squared = ops(kMultiply, error, error);
    return std::tuple{squared, ops(kAdd, ops(kMultiply, scale, error), ops(kMultiply, scale, error))};
  }
};

struct LogisticLoss {
  auto operator()(auto ops, auto x, auto bias, auto targets, auto scale, auto minus_scale) const {
    const auto z = ops(kAdd, x, bias);
    const auto loss = ops(kSubtract, ops(kSoftplus, z), ops(kMultiply, targets, z));
    return std::tuple{loss, ops(kAdd, ops(kMultiply, minus_scale, targets), ops(kMultiply, scale, ops(kSigmoid, z)))};
  }
};

// --- the same, if only the loss is needed ---

struct SigmoidSquaredErrorAlone {
  auto operator()(auto ops, auto x, auto bias, auto targets) const {
    const auto error = ops(kSubtract, ops(kSigmoid, ops(kAdd, x, bias)), targets);
    return std::tuple{ops(kMultiply, error, error)};
  }
};

struct LinearSquaredErrorAlone {
  auto operator()(auto ops, auto x, auto bias, auto targets) const {
    const auto error = ops(kSubtract, ops(kAdd, x, bias), targets);
    return std::tuple{ops(kMultiply, error, error)};
  }
};

struct LogisticLossAlone {
  auto operator()(auto ops, auto x, auto bias, auto targets) const {
    const auto z = ops(kAdd, x, bias);
    return std::tuple{ops(kSubtract, ops(kSoftplus, z), ops(kMultiply, targets, z))};
  }
};

// A bias is a row. For a layer with one output it is one number, and rows need not be processed one by one.
template <LeafKind kBias>
void add_layers(std::vector<FusedChain>& table) {
  cpu::add_fused<Bias, kDense, kBias>(table, "bias");
  cpu::add_fused<BiasActivation<kRelu>, kDense, kBias>(table, "bias + relu");
  cpu::add_fused<BiasActivation<kSigmoid>, kDense, kBias>(table, "bias + sigmoid");
  cpu::add_fused<BiasActivation<kTanh>, kDense, kBias>(table, "bias + tanh");
  cpu::add_fused<BiasReluMask, kDense, kBias, kOne>(table, "bias + relu and its mask");
  cpu::add_fused<BiasSigmoidSlope, kDense, kBias, kOne>(table, "bias + sigmoid and its slope");
  cpu::add_fused<BiasTanhSlope, kDense, kBias, kOne>(table, "bias + tanh and its slope");
  cpu::add_fused<SigmoidSquaredError, kDense, kBias, kDense, kOne, kOne>(table, "squared error of a sigmoid");
  cpu::add_fused<LinearSquaredError, kDense, kBias, kDense, kOne>(table, "squared error");
  cpu::add_fused<LogisticLoss, kDense, kBias, kDense, kOne, kOne>(table, "logistic loss");
  cpu::add_fused<SigmoidSquaredErrorAlone, kDense, kBias, kDense>(table, "squared error of a sigmoid, alone");
  cpu::add_fused<LinearSquaredErrorAlone, kDense, kBias, kDense>(table, "squared error, alone");
  cpu::add_fused<LogisticLossAlone, kDense, kBias, kDense>(table, "logistic loss, alone");
}

// A step's numbers are one number for all parameters or, with replicas, a row with one number for each.
template <LeafKind kNumber>
void add_optimizers(std::vector<FusedChain>& table) {
  cpu::add_fused<Sgd, kDense, kNumber, kDense>(table, "sgd");
  cpu::add_fused<Momentum, kDense, kOne, kDense, kNumber, kDense>(table, "momentum");
  cpu::add_fused<Adam, kDense, kOne, kDense, kOne, kDense, kOne, kOne, kNumber, kOne, kNumber, kDense>(table, "adam");
}

}  // namespace

const std::vector<FusedChain>& fused_chains() {
  static const std::vector<FusedChain> chains = [] {
    std::vector<FusedChain> table;
    add_optimizers<kOne>(table);
    add_optimizers<kRow>(table);
    cpu::add_fused<Multiply, kDense, kDense>(table, "multiply");
    cpu::add_fused<Masked, kDense, kDense, kOne>(table, "masked");
    cpu::add_fused<Multiply, kOne, kDense>(table, "scale");
    cpu::add_fused<Impute, kDense, kRow>(table, "impute");
    cpu::add_fused<MissingNumber, kDense, kOne>(table, "missing numbers");
    cpu::add_fused<MissingCell, kDense, kOne, kRow, kOne>(table, "missing cells");
    cpu::add_fused<OneHot, kDense, kOne, kDense>(table, "one-hot");  // for one row: a category for each element
    cpu::add_fused<CategoryNumber, kDense, kOne, kRow>(table, "category numbers");
    // Columns are scaled in f64, whatever the network's type.
    cpu::add_fused_f64<Scale, kDense, kRow, kRow>(table, "scale columns");
    cpu::add_fused_f64<ImputeScale, kDense, kRow, kRow, kRow>(table, "impute + scale columns");
    cpu::add_fused_f64<Unscale, kDense, kRow, kRow>(table, "unscale columns");
    add_layers<kOne>(table);
    add_layers<kRow>(table);
    return table;
  }();
  return chains;
}

}  // namespace hillock
