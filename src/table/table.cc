// The table job in steps, and in one call.
#include "hillock/table.h"

#include <utility>

#include "hillock/error.h"
#include "hillock/model.h"
#include "table/audit.h"
#include "table/baseline.h"
#include "table/check.h"
#include "table/fit.h"
#include "table/folds.h"
#include "table/job.h"
#include "table/record.h"
#include "table/scores.h"
#include "table/splits.h"

namespace hillock {
namespace {

// Checks the options, and only then reads the data with `read`.
template <class Read>
LoadedSplits load(const TableOptions& options, const TrainingListener& listener, const Read& read) {
  check_options(options);
  LoadedSplits loaded = read();
  if (listener.on_stage) listener.on_stage(TableStage::preparation);
  draw_splits(options, loaded);
  return loaded;
}

TableResult train_all(TableJob job, const TrainingListener& listener) {
  std::optional<FoldScores> folds = job.cross_validate({.interrupt = listener.interrupt});
  TableResult result = job.train(listener);
  result.folds = std::move(folds);
  return result;
}

}  // namespace

struct TableJob::State {
  State(const TableOptions& asked, LoadedSplits loaded)
      : options(asked),
        folds(std::move(loaded.folds)),
        whole(std::move(loaded.whole)),
        job(prepare(options, std::move(loaded))) {
    require_savable(job.model, "train");
  }

  TableOptions options;
  std::vector<Split> folds;      // of `whole`
  std::optional<Dataset> whole;  // all rows, if there are folds
  PreparedJob job;
  bool trained = false;
};

TableJob::TableJob(const std::string& data, const TableOptions& options, const TrainingListener& listener)
    : state_(std::make_unique<State>(options, load(options, listener, [&] { return read_splits(data, options); }))) {}

TableJob::TableJob(Dataset data, const TableOptions& options, const TrainingListener& listener)
    : TableJob(TableSplits{.train = std::move(data)}, options, listener) {}

TableJob::TableJob(TableSplits data, const TableOptions& options, const TrainingListener& listener)
    : state_(std::make_unique<State>(options,
                                     load(options, listener, [&] { return splits_of(std::move(data), options); }))) {}

TableJob::TableJob(TableJob&&) noexcept = default;
TableJob& TableJob::operator=(TableJob&&) noexcept = default;
TableJob::~TableJob() = default;

const Model& TableJob::model() const { return state_->job.model; }
const std::string& TableJob::data_name() const { return state_->job.data_name; }
const PreparedSplits& TableJob::splits() const { return state_->job.splits; }
const TrainOptions& TableJob::training() const { return state_->job.options; }
const TableChoices& TableJob::choices() const { return state_->job.choices; }
const std::vector<ColumnAccount>& TableJob::columns() const { return state_->job.columns; }
const std::vector<std::string>& TableJob::notes() const { return state_->job.notes; }
const std::vector<Warning>& TableJob::warnings() const { return state_->job.warnings; }

std::optional<FoldScores> TableJob::cross_validate(const TrainingListener& listener) const {
  if (!state_->whole) return std::nullopt;
  return run_folds(state_->options, *state_->whole, state_->folds, listener);
}

TableResult TableJob::train(const TrainingListener& listener) {
  if (state_->trained) throw Error("train_table: this job has been trained already; make another");
  state_->trained = true;
  PreparedJob& job = state_->job;
  Fit trained = fit(job, listener);
  const auto begin = [&](TableStage stage) {
    if (listener.on_stage) listener.on_stage(stage);
  };
  begin(TableStage::scores);
  Scores scores = score(job.model.network, job);
  std::optional<Tensor> small_table_predictions;
  if (job.small_table)
    small_table_predictions = job.model.predict(renumber_categories(*job.small_table, job.model.encoding));
  std::optional<Baselines> against;
  const StopReason stopped = trained.result.stopped;
  if (stopped != StopReason::interrupted && stopped != StopReason::not_finite) {
    begin(TableStage::baselines);
    against = baselines(job, scores);
  }
  std::vector<Warning> warnings = job.warnings;
  for (Warning& warning : find_training_warnings(job, trained.result, against)) warnings.push_back(std::move(warning));
  job.model.training = training_record(job, trained, scores, against);
  return {.model = std::move(job.model),
          .training = std::move(trained.result),
          .restarts = trained.restarts,
          .seconds = trained.seconds,
          .scores = std::move(scores),
          .baselines = std::move(against),
          .folds = {},
          .choices = job.choices,
          .columns = job.columns,
          .notes = job.notes,
          .warnings = std::move(warnings),
          .small_table = job.small_table,
          .small_table_predictions = std::move(small_table_predictions)};
}

TableResult train_table(const std::string& data, const TableOptions& options, const TrainingListener& listener) {
  return train_all(TableJob(data, options, listener), listener);
}

TableResult train_table(Dataset data, const TableOptions& options, const TrainingListener& listener) {
  return train_all(TableJob(std::move(data), options, listener), listener);
}

TableResult train_table(TableSplits data, const TableOptions& options, const TrainingListener& listener) {
  return train_all(TableJob(std::move(data), options, listener), listener);
}

}  // namespace hillock
