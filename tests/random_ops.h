// For tests: random ops over values of all shapes, the forward part of a random graph. Keeps an upper bound of every
// value's magnitude and damps values that grow, so that NaN stays rare.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "hillock/op.h"
#include "hillock/ops.h"
#include "tests/random_graph.h"

namespace hillock {

class RandomOps {
 public:
  RandomOps(Graph& graph, std::uint64_t seed) : dice_(seed), graph_(graph) {
    dtype_ = dice_.chance(0.5) ? DType::f32 : DType::f64;
    for (Shape& shape : shapes_) shape = random_shape();
    if (dice_.chance(0.06)) shapes_[0] = large_shape();
  }

 protected:
  static constexpr double kLargest = 30;
  static constexpr std::int64_t kMostElements = 3200;  // some tiles in both precisions

  Graph& graph() { return graph_; }
  Shape shape_of(Value value) { return graph().type(value).shape; }
  double largest(Value value) const { return largest_.at(value); }
  std::int64_t computing_nodes() {
    return std::ranges::count_if(graph().nodes(),
                                 [](const Node& n) { return n.op != &input_op() && n.op != &state_op(); });
  }

  // --- shapes ---

  Shape random_shape() {
    static constexpr std::array<std::int64_t, 8> kDims{1, 2, 3, 4, 5, 7, 8, 13};
    std::vector<std::int64_t> dims(static_cast<std::size_t>(dice_.below(4)));
    for (std::int64_t& dim : dims) dim = kDims[static_cast<std::size_t>(dice_.below(kDims.size()))];
    return Shape(dims);
  }
  Shape large_shape() {
    static const std::array<Shape, 5> kShapes{Shape{1031}, Shape{3, 1031}, Shape{1100, 2}, Shape{37, 41},
                                              Shape{2, 5, 151}};
    return kShapes[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(kShapes.size())))];
  }
  const Shape& usual_shape() {
    return shapes_[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(shapes_.size())))];
  }

  // --- values ---

  Value remember(Value value, double bound) {
    if (bound > kLargest) {
      value = dice_.chance(0.5) ? ops::tanh(graph(), value) : ops::multiply(graph(), value, kLargest / bound);
      bound = std::min(bound, kLargest);
    }
    largest_[value] = bound;
    pool_.push_back(value);
    return value;
  }
  Value any() { return pool_[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(pool_.size())))]; }
  Value recent() {  // this makes long chains
    const auto size = static_cast<std::int64_t>(pool_.size());
    return pool_[static_cast<std::size_t>(size - 1 - dice_.below(std::min<std::int64_t>(size, 4)))];
  }
  Value pick() { return dice_.chance(0.5) ? recent() : any(); }
  Value pick_of_rank(int rank) {
    const Value value = pick();
    if (shape_of(value).rank() >= rank) return value;
    return of_shape(rank == 1 ? Shape{5} : Shape{4, 7});
  }

  // A value of `shape`: one that has it, or another one that is cut, padded, repeated or reduced until it fits.
  Value of_shape(const Shape& shape) {
    std::vector<Value> fitting;
    for (Value value : pool_) {
      if (shape_of(value) == shape) fitting.push_back(value);
    }
    if (!fitting.empty() && dice_.chance(0.8)) {
      return fitting[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(fitting.size())))];
    }
    return conformed(any(), shape);
  }
  Value conformed(Value value, const Shape& shape) {
    const double bound = largest(value);
    const Shape from = shape_of(value);
    if (from == shape) return value;
    if (from.elements() == shape.elements()) {
      value = ops::reshape(graph(), value, shape);
    } else if (repeats_into(from, shape)) {
      value = ops::broadcast(graph(), value, shape);
    } else if (from.rank() == shape.rank()) {
      value = cut_and_filled(value, shape);
    } else {
      value = cut_and_filled(ops::reshape(graph(), value, Shape{from.elements()}), Shape{shape.elements()});
      value = ops::reshape(graph(), value, shape);
    }
    largest_[value] = bound;
    return value;
  }
  static bool repeats_into(const Shape& from, const Shape& to) {
    if (from.rank() > to.rank()) return false;
    for (int axis = 0; axis < from.rank(); ++axis) {
      const std::int64_t extent = from[from.rank() - 1 - axis];
      if (extent != 1 && extent != to[to.rank() - 1 - axis]) return false;
    }
    return true;
  }
  Value cut_and_filled(Value value, const Shape& shape) {
    std::vector<std::int64_t> starts, sizes, before, after;
    for (int axis = 0; axis < shape.rank(); ++axis) {
      const std::int64_t extent = shape_of(value)[axis];
      sizes.push_back(std::min(extent, shape[axis]));
      starts.push_back(dice_.below(extent - sizes.back() + 1));
      before.push_back(dice_.below(shape[axis] - sizes.back() + 1));
      after.push_back(shape[axis] - sizes.back() - before.back());
    }
    if (Shape(sizes) != shape_of(value)) value = ops::slice(graph(), value, starts, sizes);
    if (Shape(sizes) != shape) value = ops::pad(graph(), value, before, after);
    return value;
  }

  Value new_input(const TensorType& type) {
    return graph().input(fmt::format("input{}", graph().inputs().size()), type);
  }
  Value new_state(const TensorType& type) {
    return graph().state(fmt::format("state{}", graph().states().size()), type);
  }

  // --- forward ---

  using Maker = void (RandomOps::*)();
  void add_forward_node() {
    static constexpr std::array kMakers{&RandomOps::add_unary,     &RandomOps::add_unary,     &RandomOps::add_binary,
                                        &RandomOps::add_binary,    &RandomOps::add_binary,    &RandomOps::add_matmul,
                                        &RandomOps::add_reduction, &RandomOps::add_reduction, &RandomOps::add_movement,
                                        &RandomOps::add_movement,  &RandomOps::add_indexed,   &RandomOps::add_loss,
                                        &RandomOps::add_random,    &RandomOps::add_cast,      &RandomOps::add_concat};
    (this->*kMakers[static_cast<std::size_t>(dice_.below(kMakers.size()))])();
  }

  void add_unary() {
    const Value x = pick();
    const double bound = largest(x);
    Graph& g = graph();
    switch (dice_.below(16)) {
      case 0: remember(ops::negate(g, x), bound); break;
      case 1: remember(ops::abs(g, x), bound); break;
      case 2:
        remember(ops::exp(g, bound > 3 ? ops::minimum(g, x, ops::constant(g, dtype_, shape_of(x), 3)) : x), 21);
        break;
      case 3: remember(ops::log(g, ops::add(g, ops::abs(g, x), 0.1)), 4); break;
      case 4: remember(ops::sqrt(g, ops::add(g, ops::abs(g, x), 0.01)), 6); break;
      case 5: remember(ops::sigmoid(g, x), 1); break;
      case 6: remember(ops::tanh(g, x), 1); break;
      case 7: remember(ops::relu(g, x), bound); break;
      case 8: remember(ops::leaky_relu(g, x, dice_.real(0, 0.5)), bound); break;
      case 9: remember(ops::elu(g, x, dice_.real(0.5, 2)), std::max(bound, 2.0)); break;
      case 10: remember(ops::softplus(g, x), bound + 1); break;
      case 11: remember(ops::erf(g, x), 1); break;
      case 12: remember(ops::add(g, x, dice_.real(-1, 1)), bound + 1); break;
      case 13: remember(ops::sin(g, x), 1); break;
      case 14: remember(ops::cos(g, x), 1); break;
      default: remember(ops::multiply(g, x, dice_.real(-1, 1)), bound); break;
    }
  }

  void add_binary() {
    const Value x = pick();
    // Usually equal shapes, sometimes one that the function has to broadcast.
    const Value y = dice_.chance(0.8) || shape_of(x).rank() == 0 ? of_shape(shape_of(x))
                                                                 : of_shape({shape_of(x)[shape_of(x).rank() - 1]});
    const double a = largest(x), b = largest(y);
    Graph& g = graph();
    switch (dice_.below(10)) {
      case 0: remember(ops::add(g, x, y), a + b); break;
      case 1: remember(ops::subtract(g, x, y), a + b); break;
      case 2: remember(ops::multiply(g, x, y), a * b); break;
      case 3: remember(ops::divide(g, x, ops::add(g, ops::abs(g, y), 0.5)), 2 * a); break;
      case 4: remember(ops::power(g, ops::add(g, ops::abs(g, x), 0.1), ops::tanh(g, y)), a + 10); break;
      case 5: remember(ops::minimum(g, x, y), std::max(a, b)); break;
      case 6: remember(ops::maximum(g, x, y), std::max(a, b)); break;
      case 7: remember(ops::equal(g, x, y), 1); break;
      case 8: remember(ops::less(g, x, y), 1); break;
      default:
        remember(ops::select(g, dice_.chance(0.5) ? ops::less(g, y, x) : of_shape(shape_of(x)), x, y), std::max(a, b));
        break;
    }
  }

  void add_matmul() {
    if (dice_.chance(0.3)) return add_lane_matmul();
    const Value x = pick_of_rank(2);
    const Value rows =
        shape_of(x).rank() == 2
            ? x
            : conformed(x, {shape_of(x)[0], shape_of(x).elements() / std::max<std::int64_t>(1, shape_of(x)[0])});
    const bool transpose_x = dice_.chance(0.5), transpose_y = dice_.chance(0.5);
    const std::int64_t inner = shape_of(rows)[transpose_x ? 0 : 1];
    const std::int64_t outer = shape_of(rows)[transpose_x ? 1 : 0];
    const std::int64_t columns = 1 + dice_.below(std::min<std::int64_t>(17, kMostElements / std::max(inner, outer)));
    const Value y = of_shape(transpose_y ? Shape{columns, inner} : Shape{inner, columns});
    remember(ops::matmul(graph(), rows, y, transpose_x, transpose_y),
             largest(rows) * largest(y) * static_cast<double>(inner));
  }

  void add_lane_matmul() {
    const bool transpose_x = dice_.chance(0.5), transpose_y = dice_.chance(0.5);
    const std::int64_t rows = 1 + dice_.below(5), inner = 1 + dice_.below(5), columns = 1 + dice_.below(5);
    const std::int64_t lanes = 1 + dice_.below(9);
    const Value x = of_shape(transpose_x ? Shape{inner, rows, lanes} : Shape{rows, inner, lanes});
    const Value y = of_shape(transpose_y ? Shape{columns, inner, lanes} : Shape{inner, columns, lanes});
    const std::array<Value, 2> operands{x, y};
    remember(graph().apply(*find_op("lane_matmul"), operands,
                           {{"transpose_a", std::int64_t{transpose_x}}, {"transpose_b", std::int64_t{transpose_y}}})[0],
             largest(x) * largest(y) * static_cast<double>(inner));
  }

  void add_reduction() {
    const Value x = pick_of_rank(1);
    const Shape shape = shape_of(x);
    std::vector<int> axes;
    std::int64_t reduced = 1;
    for (int axis = 0; axis < shape.rank(); ++axis) {
      if (!dice_.chance(0.5)) continue;
      axes.push_back(axis);
      reduced *= shape[axis];
    }
    if (axes.empty()) reduced = shape.elements();
    switch (dice_.below(5)) {
      case 0: remember(ops::sum(graph(), x, axes), largest(x) * static_cast<double>(reduced)); break;
      case 1: remember(ops::mean(graph(), x, axes), largest(x)); break;
      case 2: remember(ops::max(graph(), x, axes), largest(x)); break;
      case 3: remember(ops::cast(graph(), ops::all_finite(graph(), std::array{x, any()}), dtype_), 1); break;
      default: {
        const int axis = static_cast<int>(dice_.below(shape.rank()));
        remember(ops::cast(graph(), ops::argmax(graph(), x, axis), dtype_), static_cast<double>(shape[axis]));
      }
    }
  }

  void add_movement() {
    const Value x = pick();
    const double bound = largest(x);
    const Shape shape = shape_of(x);
    switch (dice_.below(4)) {
      case 0: {
        std::vector<int> order;
        for (int axis = 0; axis < shape.rank(); ++axis) order.insert(order.begin() + dice_.below(axis + 1), axis);
        if (shape.rank() > 0) remember(ops::transpose(graph(), x, order), bound);
        break;
      }
      case 1:
        if (shape.elements() * 3 <= kMostElements && shape.rank() < 4) {
          std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
          dims.insert(dims.begin(), 1 + dice_.below(3));
          remember(ops::broadcast(graph(), x, Shape(dims)), bound);
        }
        break;
      case 2: remember(conformed(x, Shape{shape.elements()}), bound); break;
      default: remember(of_shape(dice_.chance(0.5) ? usual_shape() : random_shape()), kLargest); break;
    }
  }

  Value new_indices(std::int64_t count, std::int64_t bound) {
    return new_input({dice_.chance(0.5) ? DType::i32 : DType::i64, {count}, IntegerRange{0, bound}});
  }
  void add_indexed() {
    const Value x = pick_of_rank(1);
    const std::int64_t rows = shape_of(x)[0];
    switch (dice_.below(4)) {
      case 0: {
        const std::int64_t most = kMostElements / std::max<std::int64_t>(1, shape_of(x).elements() / rows);
        remember(ops::gather(graph(), x, new_indices(1 + dice_.below(std::min<std::int64_t>(most, 9)), rows)),
                 largest(x));
        break;
      }
      case 1: {
        const std::int64_t target = 1 + dice_.below(6);
        remember(ops::scatter_add(graph(), new_indices(rows, target), x, target),
                 largest(x) * static_cast<double>(rows));
        break;
      }
      case 2: {  // rows selected by computed numbers
        const Value numbers = ops::to_index(graph(), pick_of_rank(1), rows);
        const std::int64_t count = shape_of(numbers).elements();
        if (count * (shape_of(x).elements() / rows) > kMostElements) break;
        remember(ops::gather(graph(), x, ops::reshape(graph(), numbers, {count})), largest(x));
        break;
      }
      default: {
        const std::int64_t depth = 2 + dice_.below(5);
        remember(ops::one_hot(graph(), new_indices(1 + dice_.below(7), depth), depth, dtype_), 1);
      }
    }
  }

  void add_loss() {
    const Value logits = conformed(pick(), dice_.chance(0.5) ? Shape{5, 3} : Shape{4, 7});
    const Value targets =
        dice_.chance(0.5)
            ? ops::one_hot(graph(), new_indices(shape_of(logits)[0], shape_of(logits)[1]), shape_of(logits)[1], dtype_)
            : of_shape(shape_of(logits));
    const ops::SoftmaxCrossEntropy result = ops::softmax_cross_entropy(graph(), logits, targets);
    remember(result.loss, 1000);
    if (dice_.chance(0.5)) remember(result.probabilities, 1);
    if (dice_.chance(0.5)) remember(result.slope, 100);
  }

  void add_random() {
    if (dice_.chance(0.5)) {
      remember(ops::constant(graph(), dtype_, usual_shape(), dice_.real(-1, 1)), 1);
    } else {  // a dropout mask
      const Value x = pick();
      const Value draw = ops::random_uniform(graph(), position_, shape_of(x), dtype_, graph().size());
      const Value keep = ops::less(graph(), draw, ops::constant(graph(), dtype_, shape_of(x), 0.7));
      remember(ops::multiply(graph(), x, keep), largest(x));
    }
  }

  void add_cast() {
    const Value x = pick();
    const DType other = dtype_ == DType::f32 ? DType::f64 : DType::f32;
    const DType through = dice_.chance(0.7) ? other : DType::i32;
    Value there = ops::cast(graph(), x, through);
    if (through == other && dice_.chance(0.5))
      there = ops::exp(graph(), ops::negate(graph(), ops::abs(graph(), there)));
    remember(ops::cast(graph(), there, dtype_), std::max(1.0, largest(x)));
  }

  void add_concat() {
    Value first = pick();
    if (shape_of(first).rank() == 0) first = conformed(first, {1});
    std::vector<Value> parts{first};
    const Shape shape = shape_of(first);
    std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
    double bound = largest(first);
    for (int k = 0; k < 1 + dice_.below(2); ++k) {
      if (dice_.chance(0.6)) dims[0] = 1 + dice_.below(5);
      parts.push_back(dice_.chance(0.15) ? first : of_shape(Shape(dims)));
      bound = std::max(bound, largest(parts.back()));
    }
    std::int64_t total = 0;
    for (Value part : parts) total += shape_of(part).elements();
    if (total <= kMostElements) remember(ops::concat(graph(), parts), bound);
  }

  Dice dice_;
  DType dtype_ = DType::f32;  // the type of all float values
  Value position_;            // the i64[3] position of random values
  std::vector<Value> pool_;

 private:
  Graph& graph_;
  std::array<Shape, 3> shapes_;      // the shapes of most sources, so that many values fit together
  std::map<Value, double> largest_;  // upper bounds of the values' magnitudes
};

}  // namespace hillock
