// From a table to a trained network with its scores, baselines and warnings, in one call, as `hillock train` does.
//
//   TableResult result = train_table("patients.csv", {.target = "outcome"});
//   save_model("patients.safetensors", result.model);
//
// The same data and options give the same bits for any number of threads. Nothing is printed: `notes` contains the
// decisions that the user should know, `warnings` what looks wrong. All functions may be called from several threads at
// once, each with its own objects. Invalid options or data are an Error before the first training step. Messages name
// options as the program does: --label-smoothing is TableOptions::label_smoothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hillock/audit.h"
#include "hillock/columns.h"
#include "hillock/data.h"
#include "hillock/diagnosis.h"
#include "hillock/metrics.h"
#include "hillock/model.h"
#include "hillock/network.h"
#include "hillock/tensor.h"
#include "hillock/train.h"

namespace hillock {

// --- options ---

// A validation or test split: a fraction of the rows, from 0 to below 1, or the path of a file that contains it.
using HeldOut = std::variant<double, std::string>;

// Each field is the option of `hillock train` with the same name (`hillock help train`), with _ in place of -. The
// recipe chooses what is left unset (hillock/recipe.h).
struct TableOptions {
  // How to read a file; see ReadOptions for details. For a Dataset, which has already been read, only `dtype` and `na`
  // may be set; its model uses them for the files that it will predict.

  // The column to predict: its name, "last", or its number from 1. Several numeric ones: "height,weight". Required for
  // tables.
  std::string target{};
  std::optional<Task> task{};  // unset: decided by the contents of the target
  std::optional<bool> header{};
  std::optional<char> delimiter{}, quote{};  // quote 0: cells are not quoted
  bool backslash_escapes = false;            // of quotes in quoted cells
  std::int64_t skip = 0;                     // lines at the top
  std::optional<std::int64_t> skip_end{};
  std::string table{}, query{};  // of an SQLite database, one of them at most
  char decimal = '.';
  std::string thousands{};  // the mark between groups of three digits
  std::string comment{}, encoding{};
  std::optional<std::vector<std::string>> na{};  // cells that count as missing
  std::vector<std::string> na_add{};             // and these, added to the usual ones or to `na`
  std::vector<std::string> drop{}, numeric{}, categorical{};
  std::vector<std::string> coerce{};  // numeric columns whose texts are missing cells
  // Columns of the files for validation and test of which no category need be known.
  std::vector<std::string> allow_unseen{};
  std::optional<DateForm> dates{};  // dmy, mdy or ymd: see ReadOptions
  Missing missing = Missing::impute;
  std::string weights{};        // the column that holds how much each row counts
  std::string group{}, time{};  // the column to split by; at most one of the two
  DType dtype = DType::f32;     // the network's: f32 or f64

  // The splits that choose the best epoch and that choose nothing. Unset: a fraction of 0.15 each if there are at least
  // kMinRowsToSplit rows.
  std::optional<HeldOut> validation{}, test{};
  std::int64_t folds = 0;  // cross-validate with this many networks first; 0: do not, otherwise at least 2

  // How columns are encoded.
  std::optional<Scale> scale{};               // unset: what suits the data (Dataset::scale)
  std::optional<std::int64_t> embed_above{};  // embed columns with more categories than this

  // The network, written as for `--net`, and its first parameters.
  std::optional<std::string> net{};           // the hidden layers: "64, 32" (NetworkSpec::parse); "" for none
  std::optional<std::string> activation{};    // of all hidden layers
  std::optional<std::string> init{};          // a model or safetensors file with the first parameters
  std::shared_ptr<const Model> init_model{};  // the same as a model in memory; at most one of the two
  std::optional<std::string> init_weights{}, init_bias{};  // nn::initializer_from_name

  // Training.
  std::optional<std::string> loss{};           // nn::named_loss: "mse", "huber 0.5", …
  std::optional<double> label_smoothing{};     // for cross-entropy: from 0 to below 1
  std::optional<std::string> class_weights{};  // "balanced" or "yes=2,no=1"
  std::optional<std::string> optimizer{};      // optimizer_from_name
  std::optional<double> lr{};                  // the learning rate, above 0
  bool auto_lr = false;                        // --lr auto: find_rate chooses the rate; `lr` must be unset
  std::optional<double> momentum{};            // for momentum and nesterov: from 0 to below 1
  double weight_decay = 0;                     // ≥ 0
  double clip_norm = 0;                        // scale gradients down to this norm if they exceed it; 0: do not
  std::optional<std::string> schedule{};       // schedule_from_name
  double warmup = 0;                           // the fraction of the run in which the rate rises from 0: from 0 to 1
  std::optional<std::int64_t> batch{};         // rows per training step; 0: all
  std::optional<std::int64_t> epochs{};        // at most this many, at least 1
  std::optional<std::int64_t> patience{};      // stop after this many without a lower validation loss; 0: never
  std::optional<double> target_loss{};         // stop when an epoch's training loss is at most this
  bool shuffle = true;                         // a new order of rows in every epoch
  std::int64_t restarts = 0;                   // start again up to this many times until target_loss is reached
  std::string command{};                       // how a program was called, for the record in the model
  std::uint64_t seed = 0;                      // determines the split, the first parameters and the order of rows
  int threads = 0;                             // at most this many; 0: as many as the machine has
};

// The stages of a job besides training.
enum class TableStage : std::uint8_t {
  preparation,  // rows have been read and are split, checked and encoded, and with auto_lr a rate is searched
  scores,       // the network is evaluated
  baselines,    // a linear model is trained
};

// Callbacks that observe a training and may stop it. They are called in the training thread. Each may be empty.
struct TrainingListener {
  // A run of `network` begins. The network does not move until the run's last epoch has been reported. Restart 0 is the
  // first run.
  std::function<void(const Network& network, std::int64_t restart)> on_begin{};
  std::function<void(const StepReport& report)> on_step{};  // must be fast
  std::function<void(const EpochReport& report)> on_epoch{};
  // A run has ended. `best`: its weights are the best so far.
  std::function<void(const TrainResult& result, bool best)> on_end{};
  // All runs have ended, and these are the weights that are kept. Scores and baselines follow.
  std::function<void(const Network& network, const TrainResult& result)> on_finish{};
  std::function<void(TableStage stage)> on_stage{};  // a stage begins
  // Training stops after the current step when this becomes true; what was learned is kept. May be nullptr.
  const std::atomic<bool>* interrupt = nullptr;

  bool interrupted() const { return interrupt != nullptr && interrupt->load(); }
};

// --- results ---

// The metrics of each split.
struct Scores {
  std::optional<Metrics> train{}, validation{}, test{};

  // The split to report: test or, if there is none, validation or, if there is none, train.
  const Metrics& best() const { return test ? *test : validation ? *validation : *train; }
  const char* best_name() const { return test ? "test" : validation ? "validation" : "train"; }
};

// Scores that a network should exceed: those of a constant and of a linear model of the same data, evaluated in the
// same way.
struct Baselines {
  Scores constant;                 // predicts the mean of the training targets, or the frequency of each class
  std::optional<Scores> linear{};  // unset if its training did not finish
  bool interrupted = false;        // whether it did not finish because TrainingListener::interrupt became true
  // The network compared with the linear model on the test rows, or else on the validation rows. Unset if there are
  // neither, or if the network has no hidden layers.
  std::optional<Comparison> comparison{};
};

// The result of the comparison for `ours`: "better", "worse" or, if the interval contains 0, "no better".
std::string_view verdict_of(const Comparison& comparison);

// The scores of each fold's network and linear model on the fold's test rows, which they were not trained on.
struct FoldScores {
  std::vector<Metrics> network{}, linear{};

  // False if the linear model's training did not finish in every fold.
  bool has_linear() const { return linear.size() == network.size(); }
};

// One metric over all folds.
struct FoldFigure {
  std::string_view name;  // "rmse", "accuracy", …
  std::vector<double> values{};
  double mean = 0;
  double spread = 0;  // the sample standard deviation (n − 1)
};
// rmse, mae and r2, or accuracy, log_loss and, if every fold has one, auc.
std::vector<FoldFigure> fold_figures(const std::vector<Metrics>& folds, Task task);

// The value of TableChoices::init if TableOptions::init_model was used.
inline constexpr std::string_view kModelInMemory = "a model in memory";

// What was chosen, in the words of the options, beyond what TrainOptions and Model contain.
struct TableChoices {
  std::string optimizer;
  std::string schedule;
  std::optional<RateTest> rate_test{};  // the test that auto_lr made
  double momentum = 0;
  double weight_decay = 0;
  std::string initializers;        // "" unless the options name one
  std::string init;                // the file that the first parameters came from, kModelInMemory, or ""
  std::string class_weights;       // as given in the options; "" if none
  std::vector<double> by_class{};  // the same as numbers
};

struct TableResult {
  Model model;           // the best network; its `training` is a JSON record of this result (docs/model-format.md)
  TrainResult training;  // of the run whose weights are kept; save_model refuses weights that are not finite
  std::int64_t restarts = 0;
  double seconds = 0;  // of training, including all restarts
  Scores scores;
  std::optional<Baselines> baselines{};  // unset after an interruption or a loss that is not finite
  std::optional<FoldScores> folds{};     // with TableOptions::folds; incomplete after an interruption
  TableChoices choices;
  std::vector<ColumnAccount> columns{};  // how each column of the data is used, in the order of the data
  std::vector<std::string> notes{};      // decisions about the data that the user should know, one sentence each
  // The warnings of audit_table, and those about the trained network: dead-units, saturated-units,
  // validation-loss-rose.
  std::vector<Warning> warnings{};
  // For data of at most kSmallTableRows rows: the training rows as they were read, and the predictions for them.
  std::optional<Dataset> small_table{};
  std::optional<Tensor> small_table_predictions{};
};
inline constexpr std::int64_t kSmallTableRows = 10;

// --- the job ---

// Reads `data` (load_data: a path, "-" or the name of a built-in data set), splits the rows, chooses what the options
// leave unset, cross-validates if the options ask for it, trains, evaluates on rows that chose nothing, and compares
// with baselines. Throws Error if the options or the data are invalid.
TableResult train_table(const std::string& data, const TableOptions& options = {},
                        const TrainingListener& listener = {});
// The same for rows in memory, which are moved, not copied, or for splits. Categories, groups, times and weights are
// those of the datasets. Empty names become "c1", "c2", … for columns, "target" (or "target1", "target2", …) for
// targets, and "0", "1", … for classes; everything else must be as load_data returns it.
TableResult train_table(Dataset data, const TableOptions& options = {}, const TrainingListener& listener = {});
TableResult train_table(TableSplits data, const TableOptions& options = {}, const TrainingListener& listener = {});

// The same in separate steps, for callers that report the choices before training begins. Movable.
class TableJob {
 public:
  // Reads, splits, chooses and audits; every mistake in the options and data is found here. Of `listener` only on_stage
  // is called. Throws Error.
  explicit TableJob(const std::string& data, const TableOptions& options = {}, const TrainingListener& listener = {});
  explicit TableJob(Dataset data, const TableOptions& options = {}, const TrainingListener& listener = {});
  explicit TableJob(TableSplits data, const TableOptions& options = {}, const TrainingListener& listener = {});
  TableJob(TableJob&&) noexcept;
  TableJob& operator=(TableJob&&) noexcept;
  ~TableJob();

  // The model with its first parameters. While train() runs, its network has been moved out; afterwards the model is in
  // the result.
  const Model& model() const;
  // The name of the data (Dataset::name).
  const std::string& data_name() const;
  // The rows in the form in which the network learns from them.
  const PreparedSplits& splits() const;
  const TrainOptions& training() const;
  const TableChoices& choices() const;
  const std::vector<ColumnAccount>& columns() const;
  const std::vector<std::string>& notes() const;
  const std::vector<Warning>& warnings() const;

  // With TableOptions::folds, trains a network for each fold and scores it on the fold's test rows; otherwise returns
  // nullopt. After an interruption there are fewer scores.
  std::optional<FoldScores> cross_validate(const TrainingListener& listener = {}) const;
  // May be called once. The result has no folds.
  TableResult train(const TrainingListener& listener = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// --- components ---

// The options for reading a file that these options imply.
ReadOptions read_options(const TableOptions& options);

// The model that training on all of `train` would start with: network, loss, encoding and scaling fitted to the rows,
// and parameters drawn by the seed. options.init and init_model are ignored. Throws Error.
Model untrained_model(const TableOptions& options, const Dataset& train);

// TableOptions::class_weights as one weight for each class of `train`; a class that is not named gets 1. Throws Error
// if the text is malformed or `train` has no classes.
std::vector<double> parse_class_weights(const std::string& text, const Dataset& train);

// The number of threads that TableOptions::threads means: as many as the machine has for 0, and at most 256.
int thread_count(std::int64_t threads);

// These metrics as the JSON object in Model::training: {"loss": …, "accuracy": …} or {"loss": …, "rmse": …}, with null
// for NaN. For several targets, named by `targets`, "targets" contains the metrics of each by its name.
std::string metrics_json(const Metrics& metrics, Task task, const std::vector<std::string>& classes,
                         const std::vector<std::string>& targets = {});

}  // namespace hillock
