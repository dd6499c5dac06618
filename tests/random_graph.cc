// Generates sources, forward ops (random_ops.h), the backward pass, updates of states, and a choice of outputs.
#include "tests/random_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hillock/grad.h"
#include "hillock/op.h"
#include "hillock/ops.h"
#include "tests/random_ops.h"

namespace hillock {
namespace {

constexpr int kForwardOps = 20;

class Generator : RandomOps {
 public:
  Generator(RandomGraph& result, std::uint64_t seed) : RandomOps(result.graph, seed), result_(result) {}

  void make() {
    add_sources();
    if (dice_.chance(0.5)) add_parameter_block();
    const std::int64_t wanted = kForwardOps + dice_.below(8);
    while (computing_nodes() < wanted) add_forward_node();
    result_.forward_ops = static_cast<int>(computing_nodes());
    differentiate();
    update();
    choose_outputs();
  }

 private:
  void add_sources() {
    for (int k = 0; k < 3; ++k) {
      variables_.push_back(remember(new_input({dtype_, usual_shape(), {}}), 2));
    }
    for (int k = 0; k < 4; ++k) {
      const Value state = remember(new_state({dtype_, usual_shape(), {}}), 2);
      variables_.push_back(state);
      unassigned_.push_back(state);
    }
    learning_rate_ = new_input({dtype_, {}, {}});
    position_ = new_input({DType::i64, {3}, {}});
  }

  // As in a trainer: all parameters are in one block and are read through slices.
  void add_parameter_block() {
    std::int64_t total = 0;
    for (int k = 0; k < 3; ++k) total += usual_shape().elements();
    block_ = new_state({dtype_, {total}, {}});
    for (std::int64_t at = 0; at < total;) {
      const Shape shape = usual_shape();
      const std::int64_t elements = std::min(shape.elements(), total - at);
      Value part = ops::slice(graph(), block_, {at}, {elements});
      if (elements == shape.elements()) part = ops::reshape(graph(), part, shape);
      block_parts_.push_back(remember(part, 2));
      at += elements;
    }
  }

  // --- backward ---

  void differentiate() {
    Value loss;
    std::vector<Value> terms{recent(), any(), any()};
    if (!block_parts_.empty()) terms.push_back(block_parts_.front());
    for (Value value : variables_) terms.push_back(value);
    for (Value value : terms) {
      const Value term =
          ops::mean(graph(), dice_.chance(0.5) ? ops::multiply(graph(), value, value) : ops::tanh(graph(), value));
      loss = loss ? ops::add(graph(), loss, term) : term;
    }
    std::vector<Value> wrt = variables_;
    wrt.insert(wrt.end(), block_parts_.begin(), block_parts_.end());
    const std::vector<Value> results = gradients(graph(), loss, wrt);
    for (std::size_t k = 0; k < wrt.size(); ++k) gradient_[wrt[k]] = results[k];
    result_.outputs.push_back(loss);
  }

  // --- update ---

  Value scaled(Value x, Value scalar) { return ops::multiply(graph(), x, scalar); }
  Value descent(Value x, Value slope) { return ops::subtract(graph(), x, scaled(slope, learning_rate_)); }

  void assign(Value state, Value next) {
    graph().assign(state, next);
    nexts_.push_back(next);
  }

  void update() {
    if (block_) update_block();
    while (!unassigned_.empty()) {
      const Value state = unassigned_.back();
      unassigned_.pop_back();
      update_state(state);
    }
  }

  // Adam (Kingma & Ba 2015) or momentum on the whole block, with a gradient concatenated from those of its slices.
  void update_block() {
    Graph& g = graph();
    std::vector<Value> pieces;
    for (Value part : block_parts_) pieces.push_back(ops::reshape(g, gradient_.at(part), {shape_of(part).elements()}));
    const Value slope = ops::concat(g, pieces);
    const Value velocity = new_state(g.type(block_));
    const Value next_velocity = ops::add(g, ops::multiply(g, velocity, 0.9), ops::multiply(g, slope, 0.1));
    assign(velocity, next_velocity);
    if (dice_.chance(0.5)) {
      assign(block_, descent(block_, next_velocity));
      return;
    }
    const Value spread = new_state(g.type(block_));
    const Value next_spread =
        ops::add(g, ops::multiply(g, spread, 0.99), ops::multiply(g, ops::multiply(g, slope, slope), 0.01));
    assign(spread, next_spread);
    const Value root = ops::add(g, ops::sqrt(g, ops::abs(g, next_spread)), 1e-8);
    assign(block_, descent(block_, ops::divide(g, next_velocity, root)));
  }

  void update_state(Value state) {
    Graph& g = graph();
    const Shape shape = shape_of(state);
    switch (dice_.below(14)) {
      case 0: assign(state, descent(state, gradient_.at(state))); break;
      case 1: {  // momentum
        const Value velocity = new_state(g.type(state));
        const Value next = ops::add(g, ops::multiply(g, velocity, 0.9), gradient_.at(state));
        assign(velocity, next);
        assign(state, descent(state, next));
        break;
      }
      case 2: {  // a running mean whose new value is an output
        const Value next = ops::add(g, ops::multiply(g, state, 0.9), ops::multiply(g, conformed(any(), shape), 0.1));
        assign(state, next);
        result_.outputs.push_back(next);
        break;
      }
      case 3: {  // the old value is read after the new one has been computed
        const Value next = descent(state, gradient_.at(state));
        assign(state, next);
        result_.outputs.push_back(ops::sum(g, ops::multiply(g, state, next)));
        break;
      }
      case 4: swap(state); break;
      case 5: assign(state, of_shape(shape)); break;
      case 6: assign(state, conformed(variables_[static_cast<std::size_t>(dice_.below(3))], shape)); break;  // an input
      case 7: assign(state, reversed(state)); break;
      case 8: {  // a shift register
        const std::int64_t elements = shape.elements();
        const Value flat = ops::reshape(g, state, {elements});
        const std::array<Value, 2> parts{ops::slice(g, flat, {1}, {elements - 1}), conformed(any(), {1})};
        assign(state, ops::reshape(g, ops::concat(g, parts), shape));
        break;
      }
      case 9: {  // the result of a kernel
        const std::int64_t elements = shape.elements();
        const Value row = of_shape({1, 3});
        const Value product = ops::matmul(g, row, of_shape({3, elements}));
        assign(state, ops::reshape(g, ops::tanh(g, product), shape));
        break;
      }
      case 10: {
        const std::int64_t elements = shape.elements();
        const Value drawn = ops::gather(g, ops::reshape(g, state, {elements}), new_indices(elements, elements));
        assign(state, ops::reshape(g, drawn, shape));
        break;
      }
      case 11: assign(state, ops::constant(g, dtype_, shape, dice_.real(-1, 1))); break;
      case 12: share(state); break;
      default:
        if (dice_.chance(0.5)) assign(state, state);  // otherwise it is only read
    }
  }

  // Two states exchange their values; the second one is there already if shapes agree.
  void swap(Value state) {
    const Value other = partner(state);
    assign(state, dice_.chance(0.5) ? other : ops::negate(graph(), other));
    assign(other, state);
  }
  // Two states take one value.
  void share(Value state) {
    const Value other = partner(state);
    const Value next = descent(state, ops::tanh(graph(), other));
    assign(state, next);
    assign(other, next);
  }
  Value partner(Value state) {
    const auto found =
        std::ranges::find_if(unassigned_, [&](Value value) { return shape_of(value) == shape_of(state); });
    if (found == unassigned_.end()) return new_state(graph().type(state));
    const Value other = *found;
    unassigned_.erase(found);
    return other;
  }
  Value reversed(Value state) {
    const Shape shape = shape_of(state);
    if (shape.rank() < 2) return state;
    return ops::reshape(graph(), ops::transpose(graph(), state), shape);
  }

  void choose_outputs() {
    for (int k = 0; k < 2; ++k) result_.outputs.push_back(any());
    if (dice_.chance(0.3)) result_.outputs.push_back(graph().inputs()[0]);
    const auto states = graph().states();
    if (dice_.chance(0.4))
      result_.outputs.push_back(
          states[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(states.size())))].old);
    if (!nexts_.empty() && dice_.chance(0.4)) {
      result_.outputs.push_back(
          nexts_[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(nexts_.size())))]);
    }
    for (const auto& [value, slope] : gradient_) {
      if (dice_.chance(0.3)) result_.outputs.push_back(slope);
    }
  }

  RandomGraph& result_;
  std::vector<Value> variables_;   // the loss is differentiated with respect to these
  std::vector<Value> unassigned_;  // states without an update so far
  Value block_, learning_rate_;
  std::vector<Value> block_parts_;
  std::map<Value, Value> gradient_;
  std::vector<Value> nexts_;
};

}  // namespace

std::uint64_t Dice::bits() {
  // splitmix64 (Steele, Lea & Flood 2014).
  std::uint64_t bits = counter_ += 0x9E3779B97F4A7C15u;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
  return bits ^ (bits >> 31);
}

RandomGraph make_random_graph(std::uint64_t seed) {
  RandomGraph result;
  Generator(result, seed).make();
  return result;
}

Tensor random_tensor(const TensorType& type, Dice& dice) {
  Tensor tensor(type);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    if (type.range) {
      tensor.set(i, static_cast<double>(type.range->begin + dice.below(type.range->end - type.range->begin)));
    } else if (!is_float(type.dtype)) {
      tensor.set(i, static_cast<double>(dice.below(1000)));
    } else if (dice.chance(0.2)) {
      tensor.set(i, static_cast<double>(dice.below(5)) / 2 - 1);  // ties and zeros
    } else if (dice.chance(0.03)) {
      // Just above the smallest normal number, so that results would be denormal and become zero.
      tensor.set(i, dice.real(-2, 2) * (type.dtype == DType::f32 ? 0x1p-124 : 0x1p-1020));
    } else {
      tensor.set(i, dice.real(-2, 2));
    }
  }
  return tensor;
}

std::map<std::string, Tensor> random_inputs(const Graph& graph, std::uint64_t seed) {
  Dice dice(seed);
  std::map<std::string, Tensor> inputs;
  for (Value value : graph.inputs())
    inputs.emplace(graph.node(value.node).name, random_tensor(graph.type(value), dice));
  return inputs;
}

Store random_store(const Graph& graph, std::uint64_t seed) {
  Dice dice(seed);
  Store store;
  for (const StatePair& pair : graph.states())
    store.put(graph.node(pair.old.node).name, random_tensor(graph.type(pair.old), dice));
  return store;
}

}  // namespace hillock
