// Passes over the training rows in blocks. Each pass computes the fits that do not depend on a fit of the same pass.
#include "train/fit_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "core/row_shape.h"
#include "hillock/error.h"
#include "rows/reader.h"
#include "train/dependence.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

// The number of rows that are summed in ascending order; the sums of blocks are also added in ascending order. Changing
// this changes bits.
constexpr std::int64_t kBlockRows = 256;

using Reduction = nn::FitRule::Reduction;

// Reduces the rows of one fit.
class RowReduction {
 public:
  RowReduction(Reduction reduction, std::int64_t elements) : reduction_(reduction) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double first = reduction == Reduction::min ? kInfinity : reduction == Reduction::max ? -kInfinity : 0;
    total_.assign(static_cast<std::size_t>(elements), first);
  }

  // `values` are the rows of a block, and `weights` their weights.
  template <class T>
  void add(const T* values, std::span<const double> weights) {
    block_.assign(total_.size(), 0);
    double weight = 0;
    for (const double w : weights) {
      if (w > 0) add_row(values, w);
      values += total_.size();
      weight += w;
    }
    if (adds()) {
      for (std::size_t i = 0; i < total_.size(); ++i) total_[i] += block_[i];
    }
    weight_ += weight;
  }

  std::vector<double> result() const {
    std::vector<double> result = total_;
    if (reduction_ == Reduction::mean) {
      for (double& value : result) value /= weight_;
    }
    return result;
  }

 private:
  bool adds() const { return reduction_ == Reduction::mean || reduction_ == Reduction::sum; }

  template <class T>
  void add_row(const T* row, double weight) {
    for (std::size_t i = 0; i < total_.size(); ++i) {
      const auto value = static_cast<double>(row[i]);
      switch (reduction_) {
        case Reduction::mean:
        case Reduction::sum: block_[i] += weight * value; break;
        case Reduction::min: total_[i] = value < total_[i] || std::isnan(value) ? value : total_[i]; break;
        case Reduction::max: total_[i] = value > total_[i] || std::isnan(value) ? value : total_[i]; break;
      }
    }
  }

  Reduction reduction_;
  std::vector<double> total_, block_;
  double weight_ = 0;
};

class Fitting {
 public:
  Fitting(Network& network, const RowSource& rows, const Tensor* weights, const SessionOptions& options)
      : network_(network), rows_(rows), weights_(weights), options_(options), schema_(network.schema()) {}

  void run() {
    const std::size_t count = network_.layout().fits.size();
    for (std::size_t first = 0; first < count;) first = pass(first);
  }

 private:
  using Fit = nn::Scope::Fit;

  // Makes fit number `first` and those after it that the same pass can make; returns the number of the next one.
  std::size_t pass(std::size_t first) {
    Graph graph;
    const std::int64_t batch = std::min(rows_.rows(), kBlockRows);
    const Shape shape = with_rows(batch, network_.options().input);
    const Value in = graph.input("features", {network_.options().dtype, shape, {}});
    const DescribedNetwork described = network_.describe(graph, in, {.fitting = true});
    if (described.fits.size() != network_.layout().fits.size())
      throw Error("network: the layers fit other things than at first; a layer must ask for the same every time");
    const std::size_t end = last_of_pass(graph, described, first);
    const std::span<const Fit> fits = std::span(described.fits).subspan(first, end - first);
    PlanOptions planned;
    std::vector<RowReduction> reductions;
    for (const Fit& fit : fits) {
      require_rows(graph, fit, batch);
      planned.outputs.push_back(fit.rows);
      reductions.emplace_back(fit.rule.reduction, graph.type(fit.rows).elements() / batch);
    }
    const Plan plan(graph, planned);
    Session session(plan, std::as_const(network_).store(), options_);
    reduce(session, batch, reductions);
    for (std::size_t k = 0; k < fits.size(); ++k) take(fits[k], reductions[k].result());
    return end;
  }

  static std::size_t last_of_pass(const Graph& graph, const DescribedNetwork& described, std::size_t first) {
    std::size_t end = first + 1;
    const auto depends = [&](const Fit& later) {
      for (std::size_t k = first; k < end; ++k) {
        if (later.name == described.fits[k].name ||
            depends_on(graph, later.rows, described.state.at(described.fits[k].name)))
          return true;
      }
      return false;
    };
    while (end < described.fits.size() && !depends(described.fits[end])) ++end;
    return end;
  }

  static void require_rows(const Graph& graph, const Fit& fit, std::int64_t batch) {
    const TensorType& type = graph.type(fit.rows);
    if (is_float(type.dtype) && type.shape.rank() >= 1 && type.shape[0] == batch) return;
    throw Error(fmt::format("network: \"{}\" is to be fitted to {}; give numbers with a first axis of the {} rows",
                            fit.name, type.to_string(), batch));
  }

  void reduce(Session& session, std::int64_t batch, std::vector<RowReduction>& reductions) {
    std::vector<double> weights;  // of a block
    for_each_block(rows_, batch, {.features = true}, [&](std::int64_t first, const RowsView& block) {
      session.bind(0, block.features.raw());
      session.run();
      weights.assign(static_cast<std::size_t>(block.rows()), 1);
      for (std::int64_t k = 0; weights_ != nullptr && k < block.rows(); ++k)
        weights[static_cast<std::size_t>(k)] = weights_->at(first + k);
      for (std::size_t k = 0; k < reductions.size(); ++k) {
        if (session.plan().outputs()[k].type.dtype == DType::f32) {
          reductions[k].add(static_cast<const float*>(session.output(k)), weights);
        } else {
          reductions[k].add(static_cast<const double*>(session.output(k)), weights);
        }
      }
    });
  }

  void take(const Fit& fit, const std::vector<double>& reduced) {
    const StateEntry& entry = *std::ranges::find(schema_, fit.name, &StateEntry::name);
    Tensor value(TensorType{DType::f64, entry.type.shape, {}});
    const auto values = value.values<double>();
    const Tensor now = read_entry(network_.store(), entry);
    for (std::int64_t i = 0; i < now.elements(); ++i) value.set(i, now.at(i));
    if (fit.rule.take) {
      fit.rule.take(reduced, values);
    } else if (reduced.size() == values.size()) {
      std::ranges::copy(reduced, values.begin());
    } else {
      throw Error(fmt::format("network: \"{}\" has {} elements and is fitted to {}; say what to take of them", fit.name,
                              values.size(), reduced.size()));
    }
    const bool f32 = entry.type.dtype == DType::f32;
    const auto is_number = [&](double x) { return f32 ? std::isfinite(static_cast<float>(x)) : std::isfinite(x); };
    const auto wrong = std::ranges::find_if_not(values, is_number);
    if (wrong != values.end()) {
      throw Error(
          fmt::format("train: fitting \"{}\" to the training rows gives {} at element {}; look for values there "
                      "that are missing or beyond {}",
                      fit.name, *wrong, wrong - values.begin(), name_of(entry.type.dtype)));
    }
    write_entry(network_.store(), entry, value);
  }

  Network& network_;
  const RowSource& rows_;
  const Tensor* weights_;
  SessionOptions options_;
  std::vector<StateEntry> schema_;
};

}  // namespace

void fit_layers(Network& network, const RowSource& rows, const Tensor* weights, const SessionOptions& options) {
  if (network.layout().fits.empty()) return;
  Fitting(network, rows, weights, options).run();
}

}  // namespace hillock
