// Runs a scalar function described in a graph: its value, its gradient, and its gradient by finite differences.
#pragma once

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "hillock/grad.h"
#include "hillock/graph.h"
#include "hillock/session.h"

namespace hillock::testing {

// Rows of numbers as a tensor of f64.
inline Tensor matrix_of(const nlohmann::json& rows) {
  Tensor tensor(
      TensorType{DType::f64, {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())}, {}});
  std::int64_t i = 0;
  for (const auto& row : rows) {
    for (const auto& value : row) tensor.set(i++, value.get<double>());
  }
  return tensor;
}

class GraphFunction {
 public:
  // `describe` makes a scalar from an input of the type of `at`.
  GraphFunction(const Tensor& at, const std::function<Value(Graph&, Value)>& describe) : at_(at) {
    const Value x = graph_.input("x", at.type());
    const Value value = describe(graph_, x);
    const std::vector<Value> slopes = gradients(graph_, value, std::vector<Value>{x});
    plan_.emplace(graph_, PlanOptions{.outputs = {value, slopes[0]}});
    session_.emplace(*plan_, nothing_);
    session_->bind("x", at_);
  }

  double value() {
    session_->run();
    return session_->scalar(0);
  }
  std::vector<double> gradient() {
    session_->run();
    const auto values = session_->output_values<double>(1);
    return {values.begin(), values.end()};
  }
  // Richardson's extrapolation of central differences at h and h / 2: of order h^4, 1e-14 for h = 4e-4 and derivatives
  // of size 1; rounding adds 2^-52 / h, 1e-12.
  std::vector<double> differences(double h = 4e-4) {
    std::vector<double> result;
    for (std::int64_t i = 0; i < at_.elements(); ++i) {
      const double x = at_.at(i);
      const auto central = [&](double width) {
        at_.set(i, x + width);
        const double up = value();
        at_.set(i, x - width);
        return (up - value()) / (2 * width);
      };
      const double wide = central(h), narrow = central(h / 2);
      at_.set(i, x);
      result.push_back((4 * narrow - wide) / 3);
    }
    return result;
  }

 private:
  Tensor at_;
  Graph graph_;
  Store nothing_;
  std::optional<Plan> plan_;
  std::optional<Session> session_;
};

}  // namespace hillock::testing
