// Prediction without allocation: for each type of rows, one plan from the raw row to the answer.
#include <fmt/format.h>

#include <algorithm>

#include "data/layout.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "model/named_row.h"
#include "nn/row_plan.h"

namespace hillock {
namespace {

void require_fits(const Scaler& scaler, std::size_t numbers, std::string_view what) {
  if (scaler.kind == Scale::none || (scaler.offset.size() == numbers && scaler.factor.size() == numbers)) return;
  throw Error(fmt::format("predictor: the model scales {} {} and has {}; fit the scaler on the same rows",
                          scaler.offset.size(), what, numbers));
}

// Checks the arguments before any plan is made.
const Model& checked(const Model& model, std::int64_t batch) {
  if (batch < 1) throw Error(fmt::format("predictor: a batch of {} rows; it needs at least one", batch));
  const std::size_t columns = model.columns.size();
  if (model.network.options().input.elements() != model.encoding.inputs(columns)) {
    throw Error(fmt::format("predictor: the model's columns make {} inputs and its network takes {}",
                            model.encoding.inputs(columns), model.network.options().input.elements()));
  }
  require_fits(model.features, columns, "columns");
  require_fits(model.targets, static_cast<std::size_t>(model.network.outputs()), "outputs");
  return model;
}

// A graph that is described while a member is initialized.
struct Described {
  Graph graph;
  Value in, answer;

  Described(const Model& model, DType rows, std::int64_t batch)
      : in(graph.input("rows", {rows, {batch, static_cast<std::int64_t>(model.columns.size())}, {}})),
        answer(model.describe(graph, in).answer) {}
};

// The plan from rows of one type to answers.
class TypedPlan {
 public:
  TypedPlan(const Model& model, DType rows, std::int64_t batch, const SessionOptions& options)
      : TypedPlan(model, rows, Described(model, rows, batch), options) {}

  const void* run(const void* rows, std::int64_t count) { return plan_.run(rows, count); }

 private:
  TypedPlan(const Model& model, DType rows, const Described& described, const SessionOptions& options)
      : fitted_(model.fitted(rows, model.network)),
        plan_(described.graph, described.in, described.answer,
              std::vector<const Store*>{&fitted_, &model.network.store()}, options) {}

  Store fitted_;
  RowPlan plan_;
};

}  // namespace

struct ModelPredictor::State {
  State(const Model& of, std::int64_t rows, const SessionOptions& options)
      : model(&checked(of, rows)),
        columns(of.columns.size()),
        outputs(static_cast<std::size_t>(of.network.outputs())),
        batch(static_cast<std::size_t>(rows)),
        prediction(of.prediction_dtype()),
        of_files(of.read_options().dtype),
        rules(rules_of(of.read_options())),
        of_f32(of, DType::f32, rows, options),
        of_f64(of, DType::f64, rows, options) {}

  const Model* model;
  std::size_t columns, outputs, batch;
  DType prediction;
  DType of_files;   // the type of rows that are read from files for this model
  CellRules rules;  // the rules for cells in these files
  TypedPlan of_f32, of_f64;

  // The answer for a row given by column names, computed in the type that rows from a file have.
  template <class T>
  std::vector<double> answer(TypedPlan& plan, const std::vector<double>& numbers) {
    const std::vector<T> row(numbers.begin(), numbers.end());
    std::vector<T> out(outputs);
    predict<T>(plan, row, out);
    return {out.begin(), out.end()};
  }

  template <class T>
  void predict(TypedPlan& plan, std::span<const T> rows, std::span<T> out) {
    const std::size_t count = columns == 0 ? 0 : rows.size() / columns;
    if (count * columns != rows.size() || count * outputs != out.size()) {
      throw Error(fmt::format("predict: {} numbers in and room for {}; give whole rows of {} and room for {} each",
                              rows.size(), out.size(), columns, outputs));
    }
    for (std::size_t first = 0; first < count; first += batch) {
      const std::size_t part = std::min(batch, count - first);
      const void* answers = plan.run(rows.data() + first * columns, static_cast<std::int64_t>(part));
      T* const to = out.data() + first * outputs;
      if (prediction == DType::f32) {
        std::copy_n(static_cast<const float*>(answers), part * outputs, to);
      } else {
        std::transform(static_cast<const double*>(answers), static_cast<const double*>(answers) + part * outputs, to,
                       [](double value) { return static_cast<T>(value); });
      }
    }
  }
};

ModelPredictor::ModelPredictor(const Model& model, std::int64_t batch, const SessionOptions& options)
    : state_(std::make_unique<State>(model, batch, options)) {}
ModelPredictor::ModelPredictor(ModelPredictor&&) noexcept = default;
ModelPredictor& ModelPredictor::operator=(ModelPredictor&&) noexcept = default;
ModelPredictor::~ModelPredictor() = default;

std::size_t ModelPredictor::columns() const { return state_->columns; }
std::size_t ModelPredictor::outputs() const { return state_->outputs; }

void ModelPredictor::predict(std::span<const float> rows, std::span<float> out) {
  state_->predict(state_->of_f32, rows, out);
}
void ModelPredictor::predict(std::span<const double> rows, std::span<double> out) {
  state_->predict(state_->of_f64, rows, out);
}

Prediction ModelPredictor::predict(std::span<const NamedCell> row) {
  const Model& model = *state_->model;
  const std::vector<double> numbers = row_of(model, state_->rules, state_->of_files, row);
  return prediction_of(model, state_->of_files == DType::f64 ? state_->answer<double>(state_->of_f64, numbers)
                                                             : state_->answer<float>(state_->of_f32, numbers));
}

}  // namespace hillock
